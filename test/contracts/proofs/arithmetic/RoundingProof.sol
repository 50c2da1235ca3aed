// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {WaterfallLookups} from "../../../../contracts/waterfall/WaterfallLookups.sol";
import {WaterfallRates} from "../../../../contracts/waterfall/WaterfallRates.sol";

/// @title The rounding of interest and fees, and of signed quotients.
/// @dev For the SMT checker, never deployed. Products are below 2^224 and divisors are the day-count denominator times
///  1e18, below 2^92 and even, as `WaterfallRates` says.
contract RoundingProof {
    uint256 private constant PRODUCT = 1 << 224;
    uint256 private constant DIVISOR = 1 << 92;
    uint256 private constant HALF_UP = 1;
    uint256 private constant DOWN = 2;
    uint256 private constant UP = 3;

    /// @notice floor <= exact < floor + 1.
    function downIsTheFloor(uint256 product, uint256 divisor) external pure {
        require(product < PRODUCT && divisor < DIVISOR && divisor != 0);
        uint256 down = WaterfallRates.padded(product, divisor, DOWN) / divisor;
        assert(down * divisor <= product);
        assert(product < (down + 1) * divisor);
    }

    /// @notice ceil - 1 < exact <= ceil.
    function upIsTheCeiling(uint256 product, uint256 divisor) external pure {
        require(product < PRODUCT && divisor < DIVISOR && divisor != 0);
        uint256 up = WaterfallRates.padded(product, divisor, UP) / divisor;
        assert(product <= up * divisor);
        assert(up == 0 || (up - 1) * divisor < product);
    }

    /// @notice Within half of the exact value, and the greater of two that are as near.
    function halfUpIsTheNearest(uint256 product, uint256 divisor) external pure {
        require(product < PRODUCT && divisor < DIVISOR && divisor != 0 && divisor % 2 == 0);
        uint256 nearest = WaterfallRates.padded(product, divisor, HALF_UP) / divisor;
        assert(2 * nearest * divisor <= 2 * product + divisor);
        assert(2 * product + divisor < 2 * (nearest + 1) * divisor);
    }

    /// @notice Whatever divides is not rounded.
    function exactStaysExact(uint256 quotient, uint256 divisor, uint256 rounding) external pure {
        require(quotient < 1 << 132 && divisor < DIVISOR && divisor != 0);
        assert(WaterfallRates.padded(quotient * divisor, divisor, rounding) / divisor == quotient);
    }

    /// @notice floor <= half up <= ceil <= floor + 1.
    function roundingsAreInOrder(uint256 product, uint256 divisor) external pure {
        require(product < PRODUCT && divisor < DIVISOR && divisor != 0);
        uint256 down = WaterfallRates.padded(product, divisor, DOWN) / divisor;
        uint256 nearest = WaterfallRates.padded(product, divisor, HALF_UP) / divisor;
        uint256 up = WaterfallRates.padded(product, divisor, UP) / divisor;
        assert(down <= nearest);
        assert(nearest <= up);
        assert(up <= down + 1);
    }

    /// @notice Toward minus infinity: floor <= exact < floor + 1, below zero too.
    function signedQuotientIsTheFloor(int256 dividend, int256 divisor) external pure {
        require(dividend > -(1 << 254) && dividend < 1 << 254 && divisor > 0 && divisor < 1 << 127);
        int256 floor = WaterfallLookups.floorOf(dividend, divisor);
        assert(floor * divisor <= dividend);
        assert(dividend - floor * divisor < divisor);
    }
}
