// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Books} from "./WaterfallBooks.sol";

/// @title Evaluates the postfix expressions of a deal's program.
/// @notice Tokens of three bytes, u8 opcode and u16 operand, up to opcode 0. Values are signed. No
/// arithmetic stops money: what cannot be computed gives 0 or the largest amount and sets a flag.
library WaterfallExpressions {
    /// @notice Flags of a step record.
    uint256 internal constant NEGATIVE = 1;
    uint256 internal constant DIVZERO = 2;
    uint256 internal constant OVERFLOW = 4;
    uint256 internal constant SKIPPED = 8;

    /// @notice Marks an expression that a step does not have.
    uint256 internal constant ABSENT = 0xffff;

    /// @notice 2^127 - 1, the largest amount: two of them multiply without overflow.
    uint256 internal constant LARGEST = 0x7fffffffffffffffffffffffffffffff;

    /// @notice Evaluates the expression at byte `pointer` of the pool and raises its flags in the
    /// books. Every value left on the stack lies, in order, from one word behind the free memory
    /// pointer on, until memory is allocated again.
    /// @return top The last value.
    // One dispatch loop: a call for each opcode would cost more than the opcode.
    // solhint-disable-next-line function-max-lines
    function evaluate(Books memory books, uint256 pointer) internal pure returns (int256 top) {
        uint256 cursor = books.expressions + pointer;
        uint256 token;
        uint256 sp;
        assembly ("memory-safe") {
            sp := mload(0x40)
        }
        while (true) {
            (top, sp, cursor, token) = _run(books, top, sp, cursor);
            uint256 op = token >> 248;
            if (op == 0) break;
            uint256 operand = uint16(token >> 232);
            if (op > 24 && op < 29) (top, sp) = _mulDiv(books, op, top, sp);
            else if (op > 28 && op < 38) (top, sp) = _compare(op, top, sp);
            else (top, sp) = _sum(books, op, operand, top, sp);
        }
        assembly ("memory-safe") {
            mstore(sp, top)
        }
    }

    /// @dev Runs what most tokens are (loads, constants, sums, differences, POS, MIN, MAX, jumps) up to
    /// a token that it leaves to others, which it returns with the cursor behind it.
    function _run(
        Books memory books,
        int256 top_,
        uint256 sp_,
        uint256 cursor_
    ) private pure returns (int256 top, uint256 sp, uint256 cursor, uint256 token) {
        (top, sp, cursor) = (top_, sp_, cursor_);
        // The stack lies behind the free memory pointer, its top in a variable. The first push puts
        // the empty top into the word below the first value, which saves a test in every push.
        // The opcodes 2 to 17 read word `operand` of a column, and the columns' positions are the
        // words 2 to 17 of the books: one table look-up in place of sixteen branches.
        assembly ("memory-safe") {
            for {} 1 {} {
                token := mload(cursor)
                cursor := add(cursor, 3)
                let op := byte(0, token)
                if lt(sub(op, 2), 16) {
                    mstore(sp, top)
                    sp := add(sp, 32)
                    top := mload(
                        add(mload(add(books, shl(5, op))), shl(5, and(shr(232, token), 0xffff)))
                    )
                    continue
                }
                if lt(sub(op, 20), 5) {
                    // 20 ADD, 21 SUB: 41 - 2 op is the sign of the second operand.
                    if lt(op, 22) {
                        sp := sub(sp, 32)
                        top := add(mload(sp), mul(top, sub(41, shl(1, op))))
                        continue
                    }
                    // 24 POS
                    if eq(op, 24) {
                        top := mul(top, sgt(top, 0))
                        continue
                    }
                    // 22 MIN keeps the left one when it is smaller, 23 MAX when it is not.
                    sp := sub(sp, 32)
                    let left := mload(sp)
                    if eq(slt(left, top), eq(op, 22)) {
                        top := left
                    }
                    continue
                }
                // 1 CONST: i128 at a stride of 16 bytes
                if eq(op, 1) {
                    mstore(sp, top)
                    sp := add(sp, 32)
                    let place := shl(4, and(shr(232, token), 0xffff))
                    top := sar(128, mload(add(mload(add(books, 0x20)), place)))
                    continue
                }
                // 38 JZ, 39 JMP
                if iszero(lt(sub(op, 38), 2)) {
                    break
                }
                let distance := mul(3, and(shr(232, token), 0xffff))
                if eq(op, 38) {
                    if top {
                        distance := 0
                    }
                    sp := sub(sp, 32)
                    top := mload(sp)
                }
                cursor := add(cursor, distance)
            }
        }
    }

    /// @dev 25 PCT, 26 PCTUP (x r), 27 MULDIV, 28 MULDIVUP (a b c). Raises flags in the books.
    function _mulDiv(
        Books memory books,
        uint256 op,
        int256 top,
        uint256 sp
    ) private pure returns (int256, uint256) {
        uint256 flags;
        assembly ("memory-safe") {
            let divisor := 1000000000000000000
            if gt(op, 26) {
                divisor := top
                sp := sub(sp, 32)
                top := mload(sp)
            }
            sp := sub(sp, 32)
            let left := mload(sp)
            switch or(or(slt(left, 0), slt(top, 0)), slt(divisor, 0))
            case 1 {
                flags := NEGATIVE
                top := 0
            }
            default {
                if gt(or(or(left, top), divisor), LARGEST) {
                    flags := OVERFLOW
                    if gt(left, LARGEST) {
                        left := LARGEST
                    }
                    if gt(top, LARGEST) {
                        top := LARGEST
                    }
                    if gt(divisor, LARGEST) {
                        divisor := LARGEST
                    }
                }
                if iszero(divisor) {
                    flags := or(flags, DIVZERO)
                }
                // Even opcodes round up. The product is below 2^254, the sum below 2^255; a division
                // by zero gives 0.
                left := mul(left, top)
                if iszero(or(and(op, 1), iszero(divisor))) {
                    left := add(left, sub(divisor, 1))
                }
                top := div(left, divisor)
                if gt(top, LARGEST) {
                    flags := or(flags, OVERFLOW)
                    top := LARGEST
                }
            }
        }
        if (flags != 0) books.flags |= flags;
        return (top, sp);
    }

    /// @dev 29 EQ, 30 NE, 31 LT, 32 LE, 33 GT, 34 GE, 35 AND, 36 OR, 37 NOT: 0 or 1.
    function _compare(uint256 op, int256 top, uint256 sp) private pure returns (int256, uint256) {
        if (op == 37) return (top == 0 ? int256(1) : int256(0), sp);
        assembly ("memory-safe") {
            sp := sub(sp, 32)
            let left := mload(sp)
            switch op
            case 34 {
                top := iszero(slt(left, top))
            }
            case 29 {
                top := eq(left, top)
            }
            case 30 {
                top := iszero(eq(left, top))
            }
            case 31 {
                top := slt(left, top)
            }
            case 32 {
                top := iszero(sgt(left, top))
            }
            case 33 {
                top := sgt(left, top)
            }
            case 35 {
                top := iszero(or(iszero(left), iszero(top)))
            }
            default {
                top := iszero(and(iszero(left), iszero(top)))
            }
        }
        return (top, sp);
    }

    /// @dev 18 SUMBAL, 19 SUMDUE, 40 SUMFDUE, 41 SUMWRITTEN over a bit mask of classes or fees.
    function _sum(
        Books memory books,
        uint256 op,
        uint256 mask,
        int256 top,
        uint256 sp
    ) private pure returns (int256 sum, uint256) {
        uint256 column =
            op < 40
                ? (op == 18 ? books.balances : books.dues)
                : (op == 40 ? books.feeDues : books.writtens);
        assembly ("memory-safe") {
            mstore(sp, top)
            sp := add(sp, 32)
            for {} mask {
                mask := shr(1, mask)
            } {
                if and(mask, 1) {
                    sum := add(sum, mload(column))
                }
                column := add(column, 32)
            }
        }
        return (sum, sp);
    }

    /// @notice The expression's value, 0 when it is negative (without a flag).
    function amount(Books memory books, uint256 pointer) internal pure returns (uint256) {
        int256 value = evaluate(books, pointer);
        return value < 0 ? 0 : uint256(value);
    }
}
