// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {HolderCap} from "../../../../contracts/compliance/HolderCap.sol";

/// @title The rounding of what a holder's notes are worth against its cap.
/// @dev For the SMT checker, never deployed. Faces have 48 bits; a balance may be above its face, by capitalised interest, but
///  not eighteen times.
contract HolderCapProof {
    uint256 private constant WAD = 1e18;

    /// @notice The factor is the exact one or above it, by less than one part of 1e18.
    function factorIsTheCeiling(uint64 balance, uint48 face) external pure {
        require(face != 0 && balance <= 18 * uint256(face));
        uint256 factor = HolderCap.factorOf(balance, face);
        assert(factor * face >= balance * WAD);
        assert(factor == 0 || (factor - 1) * face < balance * WAD);
    }

    /// @notice A holding's value is never below the exact one's whole cents.
    function valueIsNotTooLow(uint64 balance, uint48 face, uint48 held) external pure {
        require(face != 0 && held <= face && balance <= 18 * uint256(face));
        uint256 value = (held * HolderCap.factorOf(balance, face)) / WAD;
        assert(value >= (uint256(held) * balance) / face);
    }

    /// @notice Who holds all of a class holds its balance, to the cent.
    function wholeClassIsItsBalance(uint64 balance, uint48 face) external pure {
        require(face != 0 && balance <= 18 * uint256(face));
        assert((face * HolderCap.factorOf(balance, face)) / WAD == balance);
    }

    /// @notice The limit is the floor of the share.
    function limitIsTheFloor(uint64 total, uint16 bps) external pure {
        require(bps <= 10_000);
        uint256 limit = HolderCap.limitOf(total, bps);
        assert(limit * 10_000 <= uint256(total) * bps);
        assert(uint256(total) * bps < (limit + 1) * 10_000);
    }
}
