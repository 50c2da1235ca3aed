// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {IRunInputs} from "../interfaces/IRunInputs.sol";
import {FeedRounds} from "./FeedRounds.sol";
import {InputTerms} from "./InputTerms.sol";

/// @title Reads the rate of a feed index out of one round.
library FeedRates {
    /// @dev Decimals of a rate: 1e18 = 100 %.
    uint256 private constant RATE_DECIMALS = 18;

    /// @notice The feed's answer at the fixing time as a rate, and when it was answered.
    function read(
        InputTerms.FeedIndex memory index,
        uint80 roundId,
        uint256 fixingTime
    ) internal view returns (int128 rate, uint40 updatedAt) {
        AggregatorV3Interface feed = AggregatorV3Interface(index.feed);
        _requireDecimals(feed, index.decimals);
        (int256 answer, uint256 answeredAt) = FeedRounds.requireLast(feed, roundId, fixingTime);
        uint256 age = fixingTime - answeredAt;
        require(age <= index.maxAge, IRunInputs.RoundTooOld(age, index.maxAge));
        // Not above the fixing time, which has 40 bits.
        return (_rateOf(answer, index), uint40(answeredAt));
    }

    /// @dev Other decimals would make another rate of the same answer.
    function _requireDecimals(AggregatorV3Interface feed, uint8 expected) private view {
        try feed.decimals() returns (uint8 actual) {
            require(
                actual == expected,
                IRunInputs.FeedDecimalsChanged(address(feed), actual, expected)
            );
        } catch {
            revert IRunInputs.FeedUnreadable(address(feed));
        }
    }

    /// @dev An answer with more decimals than a rate has is rounded down.
    function _rateOf(
        int256 answer,
        InputTerms.FeedIndex memory index
    ) private pure returns (int128) {
        require(
            answer <= type(int128).max && answer >= type(int128).min,
            IRunInputs.RateOutOfRange(answer)
        );
        uint256 places = uint256(index.decimals) + (index.inPercent ? 2 : 0);
        int256 rate;
        if (places <= RATE_DECIMALS) {
            rate = answer * int256(10 ** (RATE_DECIMALS - places));
        } else {
            int256 divisor = int256(10 ** (places - RATE_DECIMALS));
            rate = answer / divisor;
            if (answer % divisor < 0) --rate;
        }
        require(
            rate <= type(int128).max && rate >= type(int128).min,
            IRunInputs.RateOutOfRange(answer)
        );
        return int128(rate);
    }
}
