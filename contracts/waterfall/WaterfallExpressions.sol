// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Books} from "./RunBooks.sol";
import {WaterfallLookups} from "./WaterfallLookups.sol";

/// @title Evaluates the postfix expressions of a deal's program.
/// @notice Tokens of three bytes, u8 opcode and u16 operand, up to opcode 0. Values are signed. No
/// arithmetic stops money: what cannot be computed gives 0 or the largest amount and sets a flag.
library WaterfallExpressions {
    /// @notice Flags of a step record.
    uint256 internal constant NEGATIVE = 1;
    uint256 internal constant DIVZERO = 2;
    uint256 internal constant OVERFLOW = 4;
    uint256 internal constant SKIPPED = 8;
    uint256 internal constant UNMATCHED = 16;

    /// @notice Marks an expression that a step does not have.
    uint256 internal constant ABSENT = 0xffff;

    /// @notice 2^127 - 1, the largest amount: two of them multiply without overflow.
    uint256 internal constant LARGEST = 0x7fffffffffffffffffffffffffffffff;

    /// @notice Evaluates the expression at byte `pointer` of the pool and raises its flags in the
    /// books. Every value left on the stack lies, in order, from one word behind the free memory
    /// pointer on, until memory is allocated again.
    /// @dev The stack lies behind the free memory pointer, its top in a variable. The first push puts
    /// the empty top into the word below the first value, which saves a test in every push. The
    /// opcodes 2 to 17 read word `operand` of a column, and the columns' positions are the words 2 to
    /// 17 of the books: one table look-up in place of sixteen branches. `op` is the opcode times 32,
    /// as it is used for that look-up. Opcodes are tested in the order of how often programs use them.
    /// @return top The last value.
    // One dispatch loop: a call for each group of opcodes costs a distribution 6,000 gas.
    // solhint-disable-next-line function-max-lines
    function evaluate(Books memory books, uint256 pointer) internal pure returns (int256 top) {
        uint256 cursor = books.expressions + pointer;
        uint256 sp;
        uint256 op;
        assembly ("memory-safe") {
            sp := mload(0x40)
        }
        while (true) {
            assembly ("memory-safe") {
                for {} 1 {} {
                    let token := mload(cursor)
                    cursor := add(cursor, 3)
                    op := and(shr(243, token), 0x1fe0)
                    // 2 to 17
                    if lt(sub(op, 64), 512) {
                        let value := mload(
                            add(mload(add(books, op)), and(shr(227, token), 0x1fffe0))
                        )
                        // An ADD or SUB right behind takes the value at once: it never gets on the stack.
                        op := byte(3, token)
                        if lt(sub(op, 20), 2) {
                            top := add(top, mul(value, sub(41, shl(1, op))))
                            cursor := add(cursor, 3)
                            continue
                        }
                        mstore(sp, top)
                        sp := add(sp, 32)
                        top := value
                        continue
                    }
                    // 20 ADD, 21 SUB, 22 MIN, 23 MAX, 24 POS
                    if lt(sub(op, 640), 160) {
                        if eq(op, 768) {
                            top := mul(top, sgt(top, 0))
                            continue
                        }
                        sp := sub(sp, 32)
                        let left := mload(sp)
                        if lt(op, 704) {
                            // 41 - 2 opcode is the sign of the second operand.
                            top := add(left, mul(top, sub(41, shr(4, op))))
                            continue
                        }
                        // MIN keeps the left one when it is smaller, MAX when it is not.
                        if eq(slt(left, top), eq(op, 704)) {
                            top := left
                        }
                        continue
                    }
                    // 0 END, 1 CONST: i128 at a stride of 16 bytes
                    if lt(op, 64) {
                        mstore(sp, top)
                        if iszero(op) {
                            break
                        }
                        sp := add(sp, 32)
                        let place := and(shr(228, token), 0xffff0)
                        top := sar(128, mload(add(mload(add(books, 0x20)), place)))
                        continue
                    }
                    // 38 JZ, 39 JMP
                    if lt(sub(op, 1216), 64) {
                        let distance := mul(3, and(shr(232, token), 0xffff))
                        if eq(op, 1216) {
                            if top {
                                distance := 0
                            }
                            sp := sub(sp, 32)
                            top := mload(sp)
                        }
                        cursor := add(cursor, distance)
                        continue
                    }
                    // 29 EQ, 30 NE, 31 LT, 32 LE, 33 GT, 34 GE, 35 AND, 36 OR, 37 NOT: 0 or 1
                    if lt(sub(op, 928), 288) {
                        if eq(op, 1184) {
                            top := iszero(top)
                            continue
                        }
                        sp := sub(sp, 32)
                        let left := mload(sp)
                        switch op
                        case 1088 {
                            top := iszero(slt(left, top))
                        }
                        case 928 {
                            top := eq(left, top)
                        }
                        case 960 {
                            top := iszero(eq(left, top))
                        }
                        case 992 {
                            top := slt(left, top)
                        }
                        case 1024 {
                            top := iszero(sgt(left, top))
                        }
                        case 1056 {
                            top := sgt(left, top)
                        }
                        case 1120 {
                            top := iszero(or(iszero(left), iszero(top)))
                        }
                        default {
                            top := iszero(and(iszero(left), iszero(top)))
                        }
                        continue
                    }
                    // 25 PCT, 26 PCTUP (x r), 27 MULDIV, 28 MULDIVUP (a b c)
                    if lt(sub(op, 800), 128) {
                        let divisor := 1000000000000000000
                        if gt(op, 832) {
                            divisor := top
                            sp := sub(sp, 32)
                            top := mload(sp)
                        }
                        sp := sub(sp, 32)
                        let left := mload(sp)
                        let flags := slt(or(or(left, top), divisor), 0)
                        switch flags
                        case 1 {
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
                            // Even opcodes round up. The product is below 2^254, the sum below 2^255; a
                            // division by zero gives 0.
                            left := mul(left, top)
                            if iszero(or(and(op, 32), iszero(divisor))) {
                                left := add(left, sub(divisor, 1))
                            }
                            top := div(left, divisor)
                            if gt(top, LARGEST) {
                                flags := or(flags, OVERFLOW)
                                top := LARGEST
                            }
                        }
                        if flags {
                            // Word 22 of the books.
                            let place := add(books, 0x2c0)
                            mstore(place, or(mload(place), flags))
                        }
                        continue
                    }
                    // 42 and above
                    if gt(op, 1312) {
                        op := shr(232, token)
                        break
                    }
                    // 18 SUMBAL, 19 SUMDUE, 40 SUMFDUE, 41 SUMWRITTEN over a bit mask of classes or fees,
                    // of the columns 4, 6, 8 and 15
                    mstore(sp, top)
                    sp := add(sp, 32)
                    let column := 0x1e0
                    switch op
                    case 576 {
                        column := 0x80
                    }
                    case 608 {
                        column := 0xc0
                    }
                    case 1280 {
                        column := 0x100
                    }
                    column := mload(add(books, column))
                    top := 0
                    for {
                        let mask := and(shr(232, token), 0xffff)
                    } mask {
                        mask := shr(1, mask)
                    } {
                        top := add(top, mul(and(mask, 1), mload(column)))
                        column := add(column, 32)
                    }
                }
            }
            if (op == 0) return top;
            (sp, top) = WaterfallLookups.execute(books, op, sp, top);
        }
    }

    /// @notice The expression's value, 0 when it is negative (without a flag).
    function amount(Books memory books, uint256 pointer) internal pure returns (uint256) {
        int256 value = evaluate(books, pointer);
        return value < 0 ? 0 : uint256(value);
    }

    /// @notice Within +-(2^127 - 1), so that two of them multiply without overflow.
    function cut(Books memory books, int256 value) internal pure returns (int256) {
        unchecked {
            int256 largest = int256(LARGEST);
            if (value <= largest && value >= -largest) return value;
            books.flags |= OVERFLOW;
            return value < 0 ? -largest : largest;
        }
    }

    /// @notice A signed value of 64 bits, as a lane holds it.
    function signedLane(Books memory books, int256 value) internal pure returns (uint256) {
        if (value != int64(value)) {
            books.flags |= OVERFLOW;
            value = value < 0 ? type(int64).min : type(int64).max;
        }
        return uint64(int64(value));
    }
}
