// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MemoryWords} from "./MemoryWords.sol";
import {Books} from "./RunBooks.sol";
import {WaterfallExpressions} from "./WaterfallExpressions.sol";
import {WaterfallSplit} from "./WaterfallSplit.sol";

/// @title Pays the entries of a column, in order or by weight.
/// @notice Lists hold up to 16 entries of four bits, the first in the most significant; they are
/// walked by shifting them out at the top.
library WaterfallPayments {
    using MemoryWords for uint256;

    /// @notice Mode of a step that shares by weight; every other mode pays in the order of the list.
    uint256 internal constant PRORATA = 2;

    /// @notice Pays the entries of the list (classes or fees) their dues in a column and lowers them, by
    /// the mode of the step.
    function pay(
        Books memory books,
        uint256 step,
        uint256 column,
        uint256 available
    ) internal pure returns (uint256 demand, uint256 paid) {
        if (uint8(step >> 240) != PRORATA) return payInOrder(step, column, available);
        demand = _sum(step, column);
        if (available < demand) {
            paid = payByWeight(books, step, column, WaterfallExpressions.ABSENT, available);
        } else {
            (, paid) = payInOrder(step, column, available);
        }
    }

    function _sum(uint256 step, uint256 column) private pure returns (uint256 demand) {
        unchecked {
            uint256 list = step << 40;
            for (uint256 n = uint8(step >> 216); n != 0; --n) {
                demand += (column + ((list >> 252) << 5)).word();
                list <<= 4;
            }
        }
    }

    /// @notice One after the other, each up to what it is due.
    function payInOrder(
        uint256 step,
        uint256 column,
        uint256 cash
    ) internal pure returns (uint256 demand, uint256 paid) {
        assembly ("memory-safe") {
            let left := cash
            for {
                let n := and(shr(216, step), 0xff)
                let list := shl(40, step)
            } n {
                n := sub(n, 1)
                list := shl(4, list)
            } {
                let place := add(column, shl(5, shr(252, list)))
                let due := mload(place)
                demand := add(demand, due)
                switch gt(due, left)
                case 0 {
                    mstore(place, 0)
                    left := sub(left, due)
                }
                default {
                    mstore(place, sub(due, left))
                    left := 0
                }
            }
            paid := sub(cash, left)
        }
    }

    /// @notice Shares `cash` over the entries of the list; weights are the expression's values, or the
    /// entries themselves when there is none.
    function payByWeight(
        Books memory books,
        uint256 step,
        uint256 column,
        uint256 weights,
        uint256 cash
    ) internal pure returns (uint256 paid) {
        unchecked {
            WaterfallSplit.Split memory s;
            (s.cash, s.count) = (cash, uint8(step >> 216));
            s.rounding = (books.terms + 14).u8();
            bool own = weights == WaterfallExpressions.ABSENT;
            if (!own) s.weights = _weights(books, weights, s.count);
            s.demands = MemoryWords.allocate(s.count);
            s.pays = MemoryWords.allocate(s.count);
            uint256 list = step << 40;
            for (uint256 i = 0; i != s.count << 5; i += 32) {
                (s.demands + i).put((column + ((list >> 252) << 5)).word());
                list <<= 4;
            }
            if (own) {
                s.weights = MemoryWords.allocate(s.count);
                MemoryWords.copy(s.demands, s.weights, s.count);
            }
            WaterfallSplit.split(s);
            list = step << 40;
            for (uint256 i = 0; i != s.count << 5; i += 32) {
                uint256 place = column + ((list >> 252) << 5);
                list <<= 4;
                uint256 pay = (s.pays + i).word();
                place.put(place.word() - pay);
                paid += pay;
            }
        }
    }

    /// @dev The weights' values are left on the expression stack; this takes that memory over.
    function _weights(
        Books memory books,
        uint256 pointer,
        uint256 count
    ) private pure returns (uint256 weights) {
        unchecked {
            WaterfallExpressions.evaluate(books, pointer);
            assembly ("memory-safe") {
                weights := add(mload(0x40), 32)
                mstore(0x40, add(weights, shl(5, count)))
            }
            for (uint256 i = 0; i != count << 5; i += 32) {
                if ((weights + i).signed() >= 0) continue;
                (weights + i).put(0);
                books.flags |= WaterfallExpressions.NEGATIVE;
            }
        }
    }
}
