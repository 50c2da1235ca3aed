// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {IRunInputs} from "../interfaces/IRunInputs.sol";

/// @title Finds out whether a round of a feed is the last one at or before a time.
/// @notice Round ids of a Chainlink proxy are phase << 64 | round of the phase's aggregator; of another feed the phase is 0.
///  A round is complete when it was answered, and in no earlier round.
/// @dev A call to the feed that runs out of gas looks like a round that does not exist. It leaves a 64th of its gas, and
///  what follows (a new storage word) needs more than 20,000: a feed would have to use a million to be misread so.
library FeedRounds {
    uint256 private constant PHASE_SHIFT = 64;

    /// @dev Incomplete rounds that may lie between two complete ones.
    uint256 private constant MAX_GAP = 16;

    /// @notice Answer and time of the round, or a revert when it is not the last complete one at or before `time`.
    function requireLast(
        AggregatorV3Interface feed,
        uint80 roundId,
        uint256 time
    ) internal view returns (int256 answer, uint256 updatedAt) {
        (answer, updatedAt) = _complete(feed, roundId);
        uint256 latest = _latest(feed);
        if (updatedAt == 0 || roundId > latest) {
            revert IRunInputs.RoundIncomplete(address(feed), roundId);
        }
        if (updatedAt > time) revert IRunInputs.RoundTooLate(updatedAt, time);
        uint256 after_ = roundId;
        while (after_ < latest) {
            (uint256 next, uint256 nextAt) = _next(feed, after_, latest);
            if (next != 0 && nextAt <= time) revert IRunInputs.RoundNotLast(roundId, uint80(next));
            after_ = ((after_ >> PHASE_SHIFT) + 1) << PHASE_SHIFT;
        }
    }

    /// @dev The first complete round behind `after_` in its phase, up to `latest`; 0 when the phase has no further one.
    function _next(
        AggregatorV3Interface feed,
        uint256 after_,
        uint256 latest
    ) private view returns (uint256 roundId, uint256 updatedAt) {
        bool lastPhase = after_ >> PHASE_SHIFT == latest >> PHASE_SHIFT;
        for (uint256 i = 1; i <= MAX_GAP; ++i) {
            roundId = after_ + i;
            if (lastPhase && roundId > latest) return (0, 0);
            (, updatedAt) = _complete(feed, uint80(roundId));
            if (updatedAt != 0) return (roundId, updatedAt);
        }
        // The phase goes on behind the gap, where nobody has looked.
        if (lastPhase) revert IRunInputs.FeedUnreadable(address(feed));
        return (0, 0);
    }

    /// @return answer of the round
    /// @return updatedAt 0: there is no such round, or it is not complete
    function _complete(
        AggregatorV3Interface feed,
        uint80 roundId
    ) private view returns (int256 answer, uint256 updatedAt) {
        try feed.getRoundData(roundId) returns (
            uint80 id,
            int256 given,
            uint256,
            uint256 answeredAt,
            uint80 answeredIn
        ) {
            if (id == roundId && answeredIn >= roundId) return (given, answeredAt);
        } catch {}
        return (0, 0);
    }

    function _latest(AggregatorV3Interface feed) private view returns (uint256) {
        try feed.latestRoundData() returns (uint80 id, int256, uint256, uint256, uint80) {
            return id;
        } catch {
            revert IRunInputs.FeedUnreadable(address(feed));
        }
    }
}
