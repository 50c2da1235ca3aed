// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDealFactory} from "../interfaces/IDealFactory.sol";

/// @title Proves that a deal's programs stay inside the deal's own books.
/// @notice The engine runs with cursors and checks nothing as it goes. An index past its column, or an expression that takes
///  more off the stack than it put there, would reach into the memory of the distribution itself, and so into the cash of
///  every other deal. Here every step and every token is walked once, when the deal is created: what they read exists, jumps
///  only go forward and land on a token, and the stack is never below empty and ends with what the step takes from it.
/// @dev {TermsShape} has checked counts and sections before.
library TermsProgram {
    uint256 private constant ABSENT = 0xffff;
    uint256 private constant NONE = 0xff;
    uint256 private constant MAX_TOKENS = 255;
    uint256 private constant MAX_STEPS = 255;
    uint256 private constant PRORATA = 2;

    uint256 private constant LET = 1;
    uint256 private constant FEE = 2;
    uint256 private constant PRIN = 4;
    uint256 private constant FILL = 5;
    uint256 private constant MOVE = 6;
    uint256 private constant LOSS = 7;
    uint256 private constant GAIN = 8;
    uint256 private constant IF = 9;
    uint256 private constant REST = 11;

    /// @param steps steps of all phases
    /// @param expressions offset of the expressions
    /// @param expressionsEnd offset behind them
    /// @param first first step of the phase that is being checked
    /// @param end step behind its last one
    struct Bounds {
        uint256 classes;
        uint256 accounts;
        uint256 fees;
        uint256 payees;
        uint256 caps;
        uint256 figures;
        uint256 constants;
        uint256 phases;
        uint256 bases;
        uint256 steps;
        uint256 expressions;
        uint256 expressionsEnd;
        uint256 first;
        uint256 end;
    }

    /// @notice Reverts with the first class, fee, phase, step, transition or token that reaches too far.
    function check(bytes calldata terms) internal pure {
        Bounds memory b;
        b.classes = _field(terms, 1, 1);
        b.accounts = _field(terms, 2, 1);
        b.fees = _field(terms, 3, 1);
        b.payees = _field(terms, 4, 1);
        b.caps = _field(terms, 5, 1);
        b.figures = _field(terms, 6, 1);
        b.constants = _field(terms, 7, 1);
        b.phases = _field(terms, 8, 1);
        b.bases = _field(terms, 10, 1);
        b.expressions = _field(terms, 38, 2);
        b.expressionsEnd = _field(terms, 76, 2);
        b.steps = (b.expressions - _field(terms, 36, 2)) / 32;
        _checkAccruals(terms, b);
        for (uint256 phase = 0; phase < b.phases; ++phase) _checkPhase(terms, b, phase);
    }

    /// @dev Day-count bases, base figures and caps that classes and fees name.
    function _checkAccruals(bytes calldata terms, Bounds memory b) private pure {
        uint256 place = _field(terms, 18, 2);
        for (uint256 i = 0; i < b.classes; ++i) {
            bool fits = _field(terms, place + 16, 1) < b.bases;
            require(fits, IDealFactory.ClassTermsInvalid(i));
            place += 32;
        }
        for (uint256 i = 0; i < b.fees; ++i) {
            uint256 figure = _field(terms, place + 12, 1);
            uint256 cap = _field(terms, place + 13, 1);
            bool fits =
                _field(terms, place + 1, 1) < b.bases &&
                    (figure == NONE || figure < b.figures) &&
                    (cap == NONE || cap < b.caps);
            require(fits, IDealFactory.FeeTermsInvalid(i));
            place += 32;
        }
    }

    /// @dev A phase's steps and the transitions out of it, which see what its steps did.
    function _checkPhase(bytes calldata terms, Bounds memory b, uint256 phase) private pure {
        uint256 place = _field(terms, 32, 2) + 8 * phase;
        uint256 count = _field(terms, place + 2, 2);
        b.first = _field(terms, place, 2);
        b.end = b.first + count;
        require(count <= MAX_STEPS && b.end <= b.steps, IDealFactory.PhaseInvalid(phase));
        for (uint256 step = b.first; step < b.end; ++step) _checkStep(terms, b, step);
        uint256 transitions = _field(terms, 9, 1);
        place = _field(terms, 34, 2);
        for (uint256 i = 0; i < transitions; ++i) {
            uint256 from = _field(terms, place, 1);
            bool fits = from < b.phases && _field(terms, place + 1, 1) < b.phases;
            require(fits, IDealFactory.TransitionInvalid(i));
            if (from == phase) _checkExpression(terms, b, _field(terms, place + 2, 2), 1);
            place += 8;
        }
    }

    function _checkStep(bytes calldata terms, Bounds memory b, uint256 step) private pure {
        uint256 place = _field(terms, 36, 2) + 32 * step;
        uint256 op = _field(terms, place, 1);
        require(_stepFits(terms, b, step, place), IDealFactory.StepInvalid(step));
        if (op == LET || (op >= PRIN && op <= IF)) {
            _checkExpression(terms, b, _field(terms, place + 13, 2), 1);
        }
        bool pays = (op >= FEE && op <= MOVE) || op == REST;
        uint256 cap = _field(terms, place + 17, 2);
        if (pays && cap != ABSENT) _checkExpression(terms, b, cap, 1);
        uint256 weights = _field(terms, place + 15, 2);
        if (op == PRIN && _field(terms, place + 1, 1) == PRORATA && weights != ABSENT) {
            _checkExpression(terms, b, weights, _field(terms, place + 4, 1));
        }
    }

    /// @dev Everything of a step but its expressions.
    function _stepFits(
        bytes calldata terms,
        Bounds memory b,
        uint256 step,
        uint256 place
    ) private pure returns (bool) {
        uint256 op = _field(terms, place, 1);
        uint256 source = _field(terms, place + 2, 1);
        uint256 target = _field(terms, place + 3, 1);
        // One slot per step is what the engine keeps for named amounts.
        if (op == LET) return target < b.steps;
        if (op == FEE) return source < b.accounts && _listFits(terms, place, b.fees);
        if (op < FILL && op != 0) return source < b.accounts && _listFits(terms, place, b.classes);
        if (op == FILL || op == MOVE) {
            return source < b.accounts && target < b.accounts && source != target;
        }
        if (op == LOSS || op == GAIN) return _listFits(terms, place, b.classes);
        if (op == REST) {
            bool toPayee = _field(terms, place + 25, 2) & 1 != 0;
            return source < b.accounts && target < (toPayee ? b.payees : b.accounts);
        }
        // IF and ELSE jump forward, at most to the end of the phase.
        uint256 jump = _field(terms, place + 23, 2);
        return op >= IF && op < REST && jump > step && jump <= b.end;
    }

    /// @dev At most 16 entries, each below `limit` and none twice: a class paid twice in one split could be paid too much.
    function _listFits(
        bytes calldata terms,
        uint256 place,
        uint256 limit
    ) private pure returns (bool) {
        uint256 count = _field(terms, place + 4, 1);
        if (count > 16) return false;
        uint256 list = _field(terms, place + 5, 8);
        uint256 seen = 0;
        for (uint256 i = 0; i < count; ++i) {
            uint256 entry = (list >> (60 - 4 * i)) & 0xf;
            if (entry >= limit || (seen >> entry) & 1 != 0) return false;
            seen |= 1 << entry;
        }
        return true;
    }

    /// @dev Walks the tokens once. `known[i]` is one more than the values on the stack where a jump lands on token i.
    function _checkExpression(
        bytes calldata terms,
        Bounds memory b,
        uint256 pointer,
        uint256 results
    ) private pure {
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
            uint256 op = _field(terms, place, 1);
            uint256 operand = _field(terms, place + 1, 2);
            if (op == 0) {
                require(reached && values == results, IDealFactory.ExpressionInvalid(pointer, i));
                return;
            }
            (uint256 taken, uint256 given) = _effect(b, op, operand);
            bool fits = reached && taken != NONE && values >= taken;
            require(fits, IDealFactory.ExpressionInvalid(pointer, i));
            values = values - taken + given;
            if (op < 38 || op > 39) continue;
            uint256 target = i + 1 + operand;
            fits =
                target <= MAX_TOKENS &&
                (known[target] == 0 || uint8(known[target]) == values + 1);
            require(fits, IDealFactory.ExpressionInvalid(pointer, i));
            known[target] = bytes1(uint8(values + 1));
            if (op == 39) reached = false;
        }
        revert IDealFactory.ExpressionInvalid(pointer, MAX_TOKENS);
    }

    /// @dev How many values a token takes and gives; NONE to take for one that does not exist or reads what does not.
    function _effect(
        Bounds memory b,
        uint256 op,
        uint256 operand
    ) private pure returns (uint256 taken, uint256 given) {
        if (op < 20 || op > 39) return (_operandFits(b, op, operand) ? 0 : NONE, 1);
        if (op == 24 || op == 37) return (1, 1);
        if (op == 27 || op == 28) return (3, 1);
        if (op < 38) return (2, 1);
        return (op == 38 ? 1 : 0, 0);
    }

    /// @dev Whether what a load names is there. PAID and LOST name a step of the phase.
    function _operandFits(
        Bounds memory b,
        uint256 op,
        uint256 operand
    ) private pure returns (bool) {
        if (op == 1) return operand < b.constants;
        if (op == 2) return operand < b.figures;
        if (op == 3) return operand < b.steps;
        if (op < 8 || op == 15 || op == 16) return operand < b.classes;
        if (op < 10) return operand < b.fees;
        if (op < 12) return operand < b.accounts;
        if (op == 12) return operand < b.caps;
        if (op < 15) return operand >= b.first && operand < b.end;
        if (op == 17) return operand == 0;
        if (op == 18 || op == 19 || op == 41) return operand >> b.classes == 0;
        return op == 40 && operand >> b.fees == 0;
    }

    /// @dev Big-endian field of the terms.
    function _field(
        bytes calldata terms,
        uint256 offset,
        uint256 size
    ) private pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := shr(sub(256, mul(8, size)), calldataload(add(terms.offset, offset)))
        }
    }
}
