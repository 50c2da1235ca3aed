// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IDealFactory} from "../interfaces/IDealFactory.sol";

/// @title How much of an issue a reserve feed covers.
/// @notice The feed (AggregatorV3Interface: a proof of reserve, a pool balance) answers in the deal's currency. An answer that is
///  not positive, in the future or too old covers nothing: it is refused.
library ReserveCoverage {
    /// @notice 100 %.
    uint256 internal constant FULL_BPS = 10_000;

    /// @dev More than any feed has, and few enough for the power of ten.
    uint256 private constant MAX_DECIMALS = 36;

    /// @notice Reverts unless the guard is none at all (zero throughout), or complete, with a feed that states its decimals.
    function requireWellFormed(IDealFactory.ReserveGuard calldata guard) internal view {
        (address feed, uint256 bps) = (guard.feed, guard.advanceBps);
        if (feed == address(0) && guard.maxAge == 0 && bps == 0) return;
        require(
            feed != address(0) && guard.maxAge != 0 && bps != 0 && bps <= FULL_BPS,
            IDealFactory.ReserveGuardInvalid(feed, guard.maxAge, uint16(bps))
        );
        _decimalsOf(feed);
    }

    /// @notice What of the issue the reserve covers now: floor(reserve x advance rate), in cents.
    function coveredCents(IDealFactory.ReserveGuard memory guard) internal view returns (uint256) {
        return Math.mulDiv(_reserveCents(guard), guard.advanceBps, FULL_BPS);
    }

    /// @dev The feed's latest answer in cents, rounded down.
    function _reserveCents(IDealFactory.ReserveGuard memory guard) private view returns (uint256) {
        address feed = guard.feed;
        (, int256 answer, , uint256 updatedAt, ) = abi.decode(
            _ask(feed, AggregatorV3Interface.latestRoundData.selector, 5),
            (uint256, int256, uint256, uint256, uint256)
        );
        require(answer > 0, IDealFactory.ReserveNotPositive(feed, answer));
        require(
            updatedAt <= block.timestamp && block.timestamp - updatedAt <= guard.maxAge,
            IDealFactory.ReserveStale(feed, updatedAt, guard.maxAge)
        );
        uint256 decimals = _decimalsOf(feed);
        uint256 amount = uint256(answer);
        if (decimals >= 2) return amount / 10 ** (decimals - 2);
        // Rather no closing than a reserve that wraps.
        return amount * 10 ** (2 - decimals);
    }

    function _decimalsOf(address feed) private view returns (uint256 decimals) {
        bytes memory answer = _ask(feed, AggregatorV3Interface.decimals.selector, 1);
        decimals = abi.decode(answer, (uint256));
        require(decimals <= MAX_DECIMALS, IDealFactory.ReserveUnreadable(feed));
    }

    /// @dev No contract, a revert and too short an answer are all the same: the reserve is not known.
    function _ask(
        address feed,
        bytes4 selector,
        uint256 words
    ) private view returns (bytes memory answer) {
        bool done;
        (done, answer) = feed.staticcall(abi.encodeWithSelector(selector));
        require(done && answer.length >= 32 * words, IDealFactory.ReserveUnreadable(feed));
    }
}
