// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RecordDates} from "../../../../contracts/tokens/RecordDates.sol";

/// @title What holders are owed of what was funded.
/// @dev For the SMT checker, never deployed. Cents funded have 64 bits, the supply 48; a unit is at most 10^6 cash units of
///  2^24 fractions each.
contract EntitlementProof {
    uint256 private constant UNIT = (10 ** 6) << 24;

    /// @notice funded = index x supply + remainder, the remainder below the supply: nothing is lost or made.
    function indexIsTheFloor(uint64 cents, uint256 unit, uint48 supply) external pure {
        require(unit <= UNIT && supply != 0);
        uint256 index = RecordDates.indexOf(cents, unit, supply);
        assert(index * supply <= cents * unit);
        assert(cents * unit - index * supply < supply);
    }

    /// @notice Two holders together are owed no more than was funded, in fractions and in whole units.
    function holdersShareTheFunding(
        uint64 cents,
        uint256 unit,
        uint48 supply,
        uint48 one,
        uint48 other
    ) external pure {
        require(unit <= UNIT && uint256(one) + other <= supply && supply != 0);
        uint256 index = RecordDates.indexOf(cents, unit, supply);
        assert(one * index + other * index <= cents * unit);
        assert((one * index) / 2 ** 24 + (other * index) / 2 ** 24 <= (cents * unit) / 2 ** 24);
    }

    /// @notice More funding never lowers an index.
    function indexNeverFalls(uint64 cents, uint64 more, uint256 unit, uint48 supply) external pure {
        require(unit <= UNIT && supply != 0);
        uint256 before = RecordDates.indexOf(cents, unit, supply);
        assert(before <= RecordDates.indexOf(uint256(cents) + more, unit, supply));
    }

    /// @notice What a holder is owed stays below 2^108: two kinds stand in the halves of a word without touching.
    function halvesStayApart(uint64 cents, uint256 unit, uint48 supply, uint48 held) external pure {
        require(unit <= UNIT && held <= supply && supply != 0);
        assert(held * RecordDates.indexOf(cents, unit, supply) < 1 << 108);
    }
}
