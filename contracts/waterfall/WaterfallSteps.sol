// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MemoryWords} from "./MemoryWords.sol";
import {Books} from "./WaterfallBooks.sol";
import {WaterfallExpressions} from "./WaterfallExpressions.sol";
import {WaterfallSplit} from "./WaterfallSplit.sol";

/// @title The steps of a program: each moves cash or balances in the books of the run.
/// @notice A step is one word of the deal code. Lists hold up to 16 entries of four bits, the first
/// in the most significant; they are walked by shifting them out at the top.
library WaterfallSteps {
    using MemoryWords for uint256;

    /// @notice Opcodes of the steps.
    uint256 internal constant LET = 1;
    uint256 internal constant FEE = 2;
    uint256 internal constant INT = 3;
    uint256 internal constant PRIN = 4;
    uint256 internal constant FILL = 5;
    uint256 internal constant MOVE = 6;
    uint256 internal constant LOSS = 7;
    uint256 internal constant GAIN = 8;
    uint256 internal constant IF = 9;
    uint256 internal constant ELSE = 10;
    uint256 internal constant REST = 11;

    /// @notice Mode of a step that shares by weight; every other mode pays in the order of the list.
    uint256 internal constant PRORATA = 2;

    /// @notice One step that moves cash or balances, recorded as demand, paid and the source's balance before (where it has a
    /// source), each in its lane of the record.
    function execute(
        Books memory books,
        uint256 step,
        uint256 op,
        uint256 index
    ) internal pure returns (uint256) {
        unchecked {
            uint256 demand;
            uint256 paid;
            uint256 before;
            if (op == LOSS || op == GAIN) {
                (demand, paid) = _writeBalances(books, step, op == LOSS);
                (books.losts + ((books.firstStep + index) << 5)).put(demand - paid);
            } else {
                uint256 source = books.accounts + (((step >> 232) & 0xff) << 5);
                assembly ("memory-safe") {
                    before := mload(source)
                }
                uint256 available = before;
                uint256 cap = uint16(step >> 104);
                if (cap != WaterfallExpressions.ABSENT) {
                    uint256 limit = WaterfallExpressions.amount(books, cap);
                    if (limit < available) available = limit;
                }
                if (op == PRIN) (demand, paid) = _payPrincipal(books, step, available);
                else if (op == INT) (demand, paid) = _pay(books, step, books.dues, available);
                else if (op == FEE) (demand, paid) = _payFees(books, step, available);
                else (demand, paid) = _move(books, step, op, available);
                if (paid != 0) source.put(source.word() - paid);
            }
            if (paid != 0) {
                uint256 place = books.paids + ((books.firstStep + index) << 5);
                assembly ("memory-safe") {
                    mstore(place, paid)
                }
            }
            if ((demand | paid | before) >> 64 != 0) {
                if (demand >> 64 != 0) books.flags |= WaterfallExpressions.OVERFLOW;
                demand = MemoryWords.cut(demand);
                paid = MemoryWords.cut(paid);
                before = MemoryWords.cut(before);
            }
            return (demand << 128) | (paid << 64) | before;
        }
    }

    /// @notice A named amount that fits a record, as nearly all do. Recorded as a demand.
    function nameAmount(
        Books memory books,
        uint256 step,
        uint256 amount
    ) internal pure returns (uint256 record) {
        assembly ("memory-safe") {
            // Word 3 of the books: the column of the named amounts.
            mstore(add(mload(add(books, 0x60)), shl(5, byte(3, step))), amount)
            record := shl(128, amount)
        }
    }

    /// @notice A named amount that does not: never below zero, cut to the largest amount.
    function nameOutlier(
        Books memory books,
        uint256 step,
        int256 value
    ) internal pure returns (uint256) {
        unchecked {
            uint256 amount = value < 0 ? 0 : uint256(value);
            if (amount > WaterfallExpressions.LARGEST) amount = WaterfallExpressions.LARGEST;
            books.flags |=
                value < 0 ? WaterfallExpressions.NEGATIVE : WaterfallExpressions.OVERFLOW;
            (books.lets + (((step >> 224) & 0xff) << 5)).put(amount);
            return MemoryWords.cut(amount) << 128;
        }
    }

    /// @notice A condition holds when it is not zero. A negative one is recorded as the largest demand.
    function condition(Books memory books, uint256 step) internal pure returns (uint256) {
        uint256 value = uint256(WaterfallExpressions.evaluate(books, uint16(step >> 136)));
        if (value > type(uint64).max) books.flags |= WaterfallExpressions.OVERFLOW;
        return MemoryWords.cut(value) << 128;
    }

    /// @dev Pays fees; a fee step with a cap uses up the fee's annual cap (without one it is the
    /// overflow step below the line and does not).
    function _payFees(
        Books memory books,
        uint256 step,
        uint256 available
    ) private pure returns (uint256 demand, uint256 paid) {
        if (uint16(step >> 104) == WaterfallExpressions.ABSENT) {
            return _pay(books, step, books.feeDues, available);
        }
        unchecked {
            // Before the payment the due is added to the used cap, afterwards what is left of the
            // due is taken off again: the difference is what was paid.
            _useCaps(books, step, true);
            (demand, paid) = _pay(books, step, books.feeDues, available);
            _useCaps(books, step, false);
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
                if (cap == 0xff) continue;
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
                if (cap == 0xff) continue;
                cap = books.capsLeft + (cap << 5);
                if (cap.signed() < 0) cap.put(0);
            }
        }
    }

    /// @dev Principal: at most the step's amount, and at most each class's balance.
    function _payPrincipal(
        Books memory books,
        uint256 step,
        uint256 available
    ) private pure returns (uint256 demand, uint256 paid) {
        demand = WaterfallExpressions.amount(books, uint16(step >> 136));
        uint256 cash = demand < available ? demand : available;
        if (uint8(step >> 240) == PRORATA) {
            paid = _payByWeight(books, step, books.balances, uint16(step >> 120), cash);
        } else {
            (, paid) = _payInOrder(step, books.balances, cash);
        }
    }

    /// @dev Pays the dues of a column (classes or fees) and lowers them.
    function _pay(
        Books memory books,
        uint256 step,
        uint256 column,
        uint256 available
    ) private pure returns (uint256 demand, uint256 paid) {
        if (uint8(step >> 240) != PRORATA) return _payInOrder(step, column, available);
        demand = _sum(step, column);
        if (available < demand) {
            paid = _payByWeight(books, step, column, WaterfallExpressions.ABSENT, available);
        } else {
            (, paid) = _payInOrder(step, column, available);
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

    /// @dev One after the other, each up to what it is due.
    function _payInOrder(
        uint256 step,
        uint256 column,
        uint256 cash
    ) private pure returns (uint256 demand, uint256 paid) {
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

    /// @dev Shares `cash` over the entries of the list; weights are the expression's values, or the
    /// entries themselves when there is none.
    function _payByWeight(
        Books memory books,
        uint256 step,
        uint256 column,
        uint256 weights,
        uint256 cash
    ) private pure returns (uint256 paid) {
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

    /// @dev FILL tops an account up, MOVE moves up to an amount, REST sweeps what there is.
    function _move(
        Books memory books,
        uint256 step,
        uint256 op,
        uint256 available
    ) private pure returns (uint256 demand, uint256 paid) {
        unchecked {
            bool toPayee = op == REST && uint16(step >> 40) & 1 != 0;
            uint256 target =
                (toPayee ? books.payees : books.accounts) + (((step >> 224) & 0xff) << 5);
            if (op == REST) {
                demand = available;
            } else {
                demand = WaterfallExpressions.amount(books, uint16(step >> 136));
                if (op == FILL) {
                    uint256 have = target.word();
                    demand = demand > have ? demand - have : 0;
                }
            }
            paid = demand < available ? demand : available;
            target.put(target.word() + paid);
        }
    }

    /// @dev LOSS writes balances down and remembers by how much, GAIN writes up what was written down.
    function _writeBalances(
        Books memory books,
        uint256 step,
        bool loss
    ) private pure returns (uint256 demand, uint256 done) {
        unchecked {
            demand = WaterfallExpressions.amount(books, uint16(step >> 136));
            uint256 left = demand;
            uint256 from = loss ? books.balances : books.writtens;
            uint256 to = loss ? books.writtens : books.balances;
            uint256 list = step << 40;
            for (uint256 n = uint8(step >> 216); n != 0; --n) {
                uint256 offset = (list >> 252) << 5;
                list <<= 4;
                uint256 have = (from + offset).word();
                uint256 part = left < have ? left : have;
                (from + offset).put(have - part);
                (to + offset).put((to + offset).word() + part);
                left -= part;
            }
            done = demand - left;
        }
    }
}
