// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDealFactory} from "../interfaces/IDealFactory.sol";
import {Bounds, TermsBounds} from "./TermsBounds.sol";

/// @title Walks an expression once: what it reads exists, jumps only go forward and land on a token, and the stack is
///  never below empty and ends with what is taken from it.
library TermsExpressions {
    using TermsBounds for bytes;

    /// @notice Marks an expression that is not there.
    uint256 internal constant ABSENT = 0xffff;

    /// @notice LET, PAID and LOST belong to a program.
    uint256 internal constant OUTSIDE_PROGRAMS = (1 << 3) | (1 << 13) | (1 << 14);

    /// @notice Fees accrue before the opening snapshots: no BAL0, FDUE, FDUE0, ACCT0, SUMFDUE.
    uint256 internal constant IN_FEES =
        OUTSIDE_PROGRAMS | (1 << 5) | (1 << 8) | (1 << 9) | (1 << 11) | (1 << 40);

    /// @notice Coupons and their caps come before any interest: no DUE, DUE0, SUMDUE, CUREIC, CURRENT, RATE either.
    uint256 internal constant IN_COUPONS =
        IN_FEES | (1 << 6) | (1 << 7) | (1 << 19) | (1 << 55) | (1 << 57) | (1 << 59);

    /// @dev Four bits for each opcode, the power of two of what it costs a run at most, in units of 250 gas: products of
    ///  two amounts 1; opcodes from 42 on 2, sums over classes or fees and one value of the past 3, a schedule 4, sums over
    ///  the past and CUREIC 5.
    uint256 private constant WORK =
        (0x1111 << (4 * 25)) |
            (0x33 << (4 * 18)) |
            (0x33 << (4 * 40)) |
            (0x222222 << (4 * 42)) |
            (0x5553 << (4 * 48)) |
            (0x22245222 << (4 * 52));

    uint256 private constant NONE = 0xff;
    uint256 private constant MAX_TOKENS = 255;
    uint256 private constant JZ = 38;
    uint256 private constant JMP = 39;

    /// @notice Reverts unless the expression at `pointer` leaves `results` values.
    /// @dev `known[i]` is one more than the values on the stack where a jump lands on token i. None lands on token 0:
    ///  `known[0]` is the furthest token that one lands on.
    function check(
        bytes calldata terms,
        Bounds memory b,
        uint256 pointer,
        uint256 results
    ) internal pure {
        bytes memory known = new bytes(MAX_TOKENS + 1);
        uint256 values = 0;
        bool reached = true;
        for (uint256 i = 0; i <= MAX_TOKENS; ++i) {
            uint256 place = b.expressions + pointer + 3 * i;
            require(place + 3 <= b.expressionsEnd, IDealFactory.ExpressionInvalid(pointer, i));
            uint256 landed = uint8(known[i]);
            if (landed != 0) {
                bool agrees = !reached || landed == values + 1;
                require(agrees, IDealFactory.ExpressionInvalid(pointer, i));
                (reached, values) = (true, landed - 1);
            }
            uint256 op = terms.field(place, 1);
            uint256 operand = terms.field(place + 1, 2);
            if (op == 0) {
                // A jump behind the end would go on in another expression.
                bool ends = reached && values == results && uint8(known[0]) <= i;
                require(ends, IDealFactory.ExpressionInvalid(pointer, i));
                return;
            }
            (uint256 taken, uint256 given) = _effect(b, op, operand);
            bool fits = reached && taken != NONE && values >= taken;
            require(fits, IDealFactory.ExpressionInvalid(pointer, i));
            values = values - taken + given;
            b.work += 1 << ((WORK >> (4 * op)) & 0xf);
            if (op != JZ && op != JMP) continue;
            uint256 target = i + 1 + operand;
            fits =
                target <= MAX_TOKENS &&
                (known[target] == 0 || uint8(known[target]) == values + 1);
            require(fits, IDealFactory.ExpressionInvalid(pointer, i));
            known[target] = bytes1(uint8(values + 1));
            if (target > uint8(known[0])) known[0] = bytes1(uint8(target));
            if (op == JMP) reached = false;
        }
        revert IDealFactory.ExpressionInvalid(pointer, MAX_TOKENS);
    }

    /// @notice The same, where an expression may be absent.
    function checkOptional(bytes calldata terms, Bounds memory b, uint256 pointer) internal pure {
        if (pointer != ABSENT) check(terms, b, pointer, 1);
    }

    /// @dev How many values a token takes and gives; NONE to take for one that does not exist, has no meaning here or reads
    ///  what does not exist.
    function _effect(
        Bounds memory b,
        uint256 op,
        uint256 operand
    ) private pure returns (uint256 taken, uint256 given) {
        if ((b.refused >> op) & 1 != 0) return (NONE, 0);
        if (op == JZ) return (1, 0);
        if (op == JMP) return (0, 0);
        // POS and NOT; MULDIV, MULDIVUP and SMULDIV; CUREIC over a mask of classes; other operators.
        if (op == 24 || op == 37) return (1, 1);
        if (op == 27 || op == 28 || op == 43) return (3, 1);
        if (op == 55) return (operand >> b.classes == 0 ? 3 : NONE, 1);
        if ((op >= 20 && op < JZ) || op == 42) return (2, 1);
        return (_operandFits(b, op, operand) ? 0 : NONE, 1);
    }

    /// @dev Whether what a load names is there. PAID and LOST name a step of the program.
    function _operandFits(
        Bounds memory b,
        uint256 op,
        uint256 operand
    ) private pure returns (bool) {
        if (op == 1) return operand < b.constants;
        if (op == 2) return operand < b.inputs;
        if (op == 3) return operand < b.steps;
        if (op < 8 || op == 15 || op == 16) return operand < b.classes;
        if (op < 10) return operand < b.fees;
        if (op < 12) return operand < b.accounts;
        if (op == 12) return operand < b.caps;
        if (op < 15) return operand >= b.first && operand < b.end;
        if (op == 17 || op == 44 || op == 53 || op == 58) return operand == 0;
        if (op == 18 || op == 19 || op == 41) return operand >> b.classes == 0;
        if (op == 40) return operand >> b.fees == 0;
        if (op == 45) return operand < b.triggers;
        if (op == 46 || op == 47) return operand < b.lanes;
        if (op >= 48 && op < 52) return operand >> 8 < b.series;
        if (op == 52) return operand < b.bases;
        if (op == 54) return operand < b.notices;
        if (op == 56) return operand < b.schedules;
        return (op == 57 || op == 59) && operand < b.classes;
    }
}
