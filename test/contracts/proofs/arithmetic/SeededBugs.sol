// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Arithmetic as it would be with mistakes that are easily made. The checker must refute every claim.
/// @dev If it did not, a proof of the others would mean nothing.
contract SeededBugs {
    /// @notice Half of the weight left out: a floor where a half-up was meant.
    function cutWithoutItsHalf(uint256 cash, uint256 sum, uint256 weight) external pure {
        require(cash < 1 << 68 && sum <= weight && weight < 1 << 140 && weight != 0);
        uint256 cut = (2 * cash * sum) / (2 * weight);
        assert(2 * cash * sum + weight < 2 * (cut + 1) * weight);
    }

    /// @notice Each share rounded half up by itself: together they may be more than there is.
    function sharesRoundedOneByOne(uint256 cash, uint256 own, uint256 weight) external pure {
        require(cash < 1 << 68 && own <= weight && weight < 1 << 140 && weight != 0);
        uint256 one = (2 * cash * own + weight) / (2 * weight);
        uint256 other = (2 * cash * (weight - own) + weight) / (2 * weight);
        assert(one + other <= cash);
    }

    /// @notice The divisor added without taking one off: whatever divides goes up too.
    function ceilingOneTooHigh(uint256 quotient, uint256 divisor) external pure {
        require(quotient < 1 << 132 && divisor < 1 << 92 && divisor != 0);
        assert((quotient * divisor + divisor) / divisor == quotient);
    }

    /// @notice A factor rounded down: the whole class is worth less than its balance.
    function factorRoundedDown(uint64 balance, uint48 face) external pure {
        require(face != 0 && balance <= 18 * uint256(face));
        assert((face * ((uint256(balance) * 1e18) / face)) / 1e18 == balance);
    }
}
