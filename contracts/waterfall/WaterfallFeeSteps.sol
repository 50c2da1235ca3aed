// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MemoryWords} from "./MemoryWords.sol";
import {Books} from "./RunBooks.sol";
import {WaterfallExpressions} from "./WaterfallExpressions.sol";
import {WaterfallPayments} from "./WaterfallPayments.sol";

/// @title Pays fees, within what is left of their caps.
library WaterfallFeeSteps {
    using MemoryWords for uint256;

    uint256 private constant CAP_EACH = 2;
    uint256 private constant NO_CAP = 0xff;

    /// @notice Pays fees; a fee step with a cap uses up the fee's annual cap (without one it is the
    /// overflow step below the line and does not).
    function pay(
        Books memory books,
        uint256 step,
        uint256 available
    ) internal pure returns (uint256 demand, uint256 paid) {
        if (uint16(step >> 40) & CAP_EACH != 0) return _payWithinCaps(books, step, available);
        if (uint16(step >> 104) == WaterfallExpressions.ABSENT) {
            return WaterfallPayments.pay(books, step, books.feeDues, available);
        }
        // Before the payment the due is added to the used cap, afterwards what is left of the
        // due is taken off again: the difference is what was paid.
        _useCaps(books, step, true);
        (demand, paid) = WaterfallPayments.pay(books, step, books.feeDues, available);
        _useCaps(books, step, false);
    }

    /// @dev Each fee demands no more than its own cap leaves; fees that share a cap in their order.
    function _payWithinCaps(
        Books memory books,
        uint256 step,
        uint256 available
    ) private pure returns (uint256 demand, uint256 paid) {
        unchecked {
            uint256 demands = MemoryWords.allocate(books.feeCount << 1);
            uint256 lefts = demands + (books.feeCount << 5);
            uint256 terms = books.terms + (books.terms + 20).u16() + 13;
            uint256 list = step << 40;
            for (uint256 n = uint8(step >> 216); n != 0; --n) {
                uint256 fee = (list >> 252) << 5;
                list <<= 4;
                uint256 due = (books.feeDues + fee).word();
                demand += due;
                uint256 cap = (terms + fee).u8();
                if (cap != NO_CAP) {
                    cap = books.capsLeft + (cap << 5);
                    uint256 left = cap.word();
                    if (due > left) due = left;
                    cap.put(left - due);
                }
                (demands + fee).put(due);
                (lefts + fee).put(due);
            }
            (, paid) = WaterfallPayments.pay(books, step, lefts, available);
            list = step << 40;
            for (uint256 n = uint8(step >> 216); n != 0; --n) {
                uint256 fee = (list >> 252) << 5;
                list <<= 4;
                _bookPayment(books, fee, (demands + fee).word(), (lefts + fee).word());
            }
        }
    }

    /// @dev What was asked for and not paid is free again under the cap.
    function _bookPayment(
        Books memory books,
        uint256 fee,
        uint256 demand,
        uint256 left
    ) private pure {
        unchecked {
            uint256 place = books.feeDues + fee;
            place.put(place.word() + left - demand);
            uint256 cap = (books.terms + (books.terms + 20).u16() + 13 + fee).u8();
            if (cap == NO_CAP) return;
            place = books.capsLeft + (cap << 5);
            place.put(place.word() + left);
            place = books.capsUsed + (cap << 5);
            place.put(place.word() + demand - left);
        }
    }

    function _useCaps(Books memory books, uint256 step, bool before) private pure {
        unchecked {
            uint256 terms = books.terms + (books.terms + 20).u16() + 13;
            uint256 list = step << 40;
            for (uint256 n = uint8(step >> 216); n != 0; --n) {
                uint256 offset = (list >> 252) << 5;
                list <<= 4;
                uint256 cap = (terms + offset).u8();
                if (cap == NO_CAP) continue;
                uint256 due = (books.feeDues + offset).word();
                cap <<= 5;
                uint256 used = (books.capsUsed + cap).word();
                uint256 left = (books.capsLeft + cap).word();
                // `left` passes below zero in between, modulo 2^256, and is floored when it is done.
                if (before) {
                    (books.capsUsed + cap).put(used + due);
                    (books.capsLeft + cap).put(left - due);
                } else {
                    (books.capsUsed + cap).put(used - due);
                    (books.capsLeft + cap).put(left + due);
                }
            }
            if (before) return;
            list = step << 40;
            for (uint256 n = uint8(step >> 216); n != 0; --n) {
                uint256 cap = (terms + ((list >> 252) << 5)).u8();
                list <<= 4;
                if (cap == NO_CAP) continue;
                cap = books.capsLeft + (cap << 5);
                if (cap.signed() < 0) cap.put(0);
            }
        }
    }
}
