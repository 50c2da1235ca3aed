// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MemoryWords} from "./MemoryWords.sol";
import {Books} from "./RunBooks.sol";
import {WaterfallExpressions} from "./WaterfallExpressions.sol";
import {WaterfallFeeSteps} from "./WaterfallFeeSteps.sol";
import {WaterfallPayments} from "./WaterfallPayments.sol";
import {WaterfallRegisters} from "./WaterfallRegisters.sol";

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
    uint256 internal constant BUY = 12;
    uint256 internal constant BOOK = 14;

    /// @dev Flags of a step: the destination is a payee; the one part of the claims that INT pays.
    uint256 private constant TO_PAYEE = 1;
    uint256 private constant OF_DEFERRED = 4;
    uint256 private constant OF_CARRY_OVER = 8;

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
            if (op > BUY) {
                (demand, paid, before) = WaterfallRegisters.execute(books, step, op);
                if (op == BOOK) _lose(books, index, demand - paid);
            } else if (op == LOSS || op == GAIN) {
                (demand, paid) = _writeBalances(books, step, op == LOSS);
                _lose(books, index, demand - paid);
            } else {
                (demand, paid, before) = _payFrom(books, step, op);
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

    /// @dev What a step could not place, for LOST: an amount like any other, or losses piled on losses would in the end wrap.
    function _lose(Books memory books, uint256 index, uint256 amount) private pure {
        unchecked {
            if (amount > WaterfallExpressions.LARGEST) amount = WaterfallExpressions.LARGEST;
            (books.losts + ((books.firstStep + index) << 5)).put(amount);
        }
    }

    /// @dev A step that pays out of an account, at most what its cap leaves of the balance.
    function _payFrom(
        Books memory books,
        uint256 step,
        uint256 op
    ) private pure returns (uint256 demand, uint256 paid, uint256 before) {
        unchecked {
            uint256 source = books.accounts + (((step >> 232) & 0xff) << 5);
            before = source.word();
            uint256 available = before;
            uint256 cap = uint16(step >> 104);
            if (cap != WaterfallExpressions.ABSENT) {
                uint256 limit = WaterfallExpressions.amount(books, cap);
                if (limit < available) available = limit;
            }
            if (op == PRIN) (demand, paid) = _payPrincipal(books, step, available);
            else if (op == INT) (demand, paid) = _payInterest(books, step, available);
            else if (op == FEE) (demand, paid) = WaterfallFeeSteps.pay(books, step, available);
            else (demand, paid) = _move(books, step, op, available);
            if (paid != 0) source.put(source.word() - paid);
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

    /// @dev An ordinary payment of interest meets what is due; others meet one part of the claims.
    function _payInterest(
        Books memory books,
        uint256 step,
        uint256 available
    ) private pure returns (uint256 demand, uint256 paid) {
        uint256 flags = uint16(step >> 40);
        if (flags & (OF_DEFERRED | OF_CARRY_OVER) == 0) {
            return WaterfallPayments.pay(books, step, books.dues, available);
        }
        // Terms whose classes have no such part are refused when a deal is created.
        if (books.claims == 0) return (0, 0);
        uint256 column = flags & OF_DEFERRED != 0 ? books.deferreds : books.carryOvers;
        return WaterfallPayments.pay(books, step, column, available);
    }

    /// @dev Principal: at most the step's amount, and at most each class's balance.
    function _payPrincipal(
        Books memory books,
        uint256 step,
        uint256 available
    ) private pure returns (uint256 demand, uint256 paid) {
        demand = WaterfallExpressions.amount(books, uint16(step >> 136));
        uint256 cash = demand < available ? demand : available;
        if (uint8(step >> 240) == WaterfallPayments.PRORATA) {
            paid = WaterfallPayments.payByWeight(
                books,
                step,
                books.balances,
                uint16(step >> 120),
                cash
            );
        } else {
            (, paid) = WaterfallPayments.payInOrder(step, books.balances, cash);
        }
    }

    /// @dev FILL tops an account up, MOVE moves up to an amount, REST sweeps what there is, BUY pays
    /// for collateral.
    function _move(
        Books memory books,
        uint256 step,
        uint256 op,
        uint256 available
    ) private pure returns (uint256 demand, uint256 paid) {
        unchecked {
            bool toPayee = (op == REST || op == BUY) && uint16(step >> 40) & TO_PAYEE != 0;
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
            if (op == BUY) paid = _purchase(books, paid);
            target.put(target.word() + paid);
        }
    }

    /// @dev The price of the purchase list, if there is so much to pay for it: all of the list is
    /// bought or none of it, and once.
    function _purchase(Books memory books, uint256 affordable) private pure returns (uint256) {
        int256 price = books.price;
        if (price <= 0) return 0;
        if (uint256(price) > affordable) {
            books.flags |= WaterfallExpressions.UNMATCHED;
            return 0;
        }
        books.price = 0;
        return uint256(price);
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
