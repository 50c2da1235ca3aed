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
    /// pointer on (`firstValue`), until memory is allocated again.
    /// @return top The last value.
    // One dispatch loop: a call for each opcode would cost more than the opcode.
    // solhint-disable-next-line function-max-lines
    function evaluate(Books memory books, uint256 pointer) internal pure returns (int256 top) {
        // The stack lies behind the free memory pointer, its top in a variable. The first push puts
        // the empty top into the word below the first value, which saves a test in every push.
        // The opcodes 2 to 17 read word `operand` of a column, and the columns' positions are the
        // words 2 to 17 of the books: one table look-up in place of sixteen branches.
        assembly ("memory-safe") {
            let cursor := add(mload(add(books, 0x240)), pointer)
            let sp := mload(0x40)
            let flags := 0
            let token := mload(cursor)
            let op := byte(0, token)
            // 0 END: the loop's own condition.
            for {} op {
                token := mload(cursor)
                op := byte(0, token)
            } {
                let operand := and(shr(232, token), 0xffff)
                cursor := add(cursor, 3)

                if lt(sub(op, 2), 16) {
                    mstore(sp, top)
                    sp := add(sp, 32)
                    top := mload(add(mload(add(books, shl(5, op))), shl(5, operand)))
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
                if lt(op, 20) {
                    mstore(sp, top)
                    sp := add(sp, 32)
                    // 1 CONST: i128 at a stride of 16 bytes
                    if eq(op, 1) {
                        top := sar(128, mload(add(mload(add(books, 0x20)), shl(4, operand))))
                        continue
                    }
                    // 18 SUMBAL, 19 SUMDUE: balances are column 4, dues column 6
                    let column := mload(add(books, shl(6, sub(op, 16))))
                    top := 0
                    for {} operand {
                        operand := shr(1, operand)
                    } {
                        if and(operand, 1) {
                            top := add(top, mload(column))
                        }
                        column := add(column, 32)
                    }
                    continue
                }
                if lt(op, 29) {
                    // 25 PCT, 26 PCTUP (x r), 27 MULDIV, 28 MULDIVUP (a b c)
                    let divisor := 1000000000000000000
                    if gt(op, 26) {
                        divisor := top
                        sp := sub(sp, 32)
                        top := mload(sp)
                    }
                    sp := sub(sp, 32)
                    let left := mload(sp)
                    if or(or(slt(left, 0), slt(top, 0)), slt(divisor, 0)) {
                        flags := or(flags, NEGATIVE)
                        top := 0
                        continue
                    }
                    if gt(or(or(left, top), divisor), LARGEST) {
                        flags := or(flags, OVERFLOW)
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
                        top := 0
                        continue
                    }
                    // Even opcodes round up. The product is below 2^254, the sum below 2^255.
                    left := mul(left, top)
                    if iszero(and(op, 1)) {
                        left := add(left, sub(divisor, 1))
                    }
                    top := div(left, divisor)
                    if gt(top, LARGEST) {
                        flags := or(flags, OVERFLOW)
                        top := LARGEST
                    }
                    continue
                }
                if lt(op, 38) {
                    // 37 NOT
                    if eq(op, 37) {
                        top := iszero(top)
                        continue
                    }
                    sp := sub(sp, 32)
                    let left := mload(sp)
                    switch op
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
                    case 34 {
                        top := iszero(slt(left, top))
                    }
                    case 35 {
                        top := iszero(or(iszero(left), iszero(top)))
                    }
                    default {
                        top := iszero(and(iszero(left), iszero(top)))
                    }
                    continue
                }
                // 38 JZ, 39 JMP
                if eq(op, 38) {
                    if iszero(top) {
                        cursor := add(cursor, mul(3, operand))
                    }
                    sp := sub(sp, 32)
                    top := mload(sp)
                    continue
                }
                if eq(op, 39) {
                    cursor := add(cursor, mul(3, operand))
                    continue
                }
                // 40 SUMFDUE, 41 SUMWRITTEN: fee dues are column 8, write-downs column 15
                mstore(sp, top)
                sp := add(sp, 32)
                let column := mload(add(books, 0x100))
                if eq(op, 41) {
                    column := mload(add(books, 0x1e0))
                }
                top := 0
                for {} operand {
                    operand := shr(1, operand)
                } {
                    if and(operand, 1) {
                        top := add(top, mload(column))
                    }
                    column := add(column, 32)
                }
            }
            mstore(sp, top)
            if flags {
                // Field 22 of the books.
                let field := add(books, 0x2c0)
                mstore(field, or(mload(field), flags))
            }
        }
    }

    /// @notice The expression's value, 0 when it is negative (without a flag).
    function amount(Books memory books, uint256 pointer) internal pure returns (uint256) {
        int256 value = evaluate(books, pointer);
        return value < 0 ? 0 : uint256(value);
    }
}
