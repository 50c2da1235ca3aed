// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDealFactory} from "../interfaces/IDealFactory.sol";
import {Bounds, TermsBounds} from "./TermsBounds.sol";
import {TermsExpressions} from "./TermsExpressions.sol";
import {TermsState} from "./TermsState.sol";

/// @title Proves that a deal's programs stay inside the deal's own books.
/// @notice The engine runs with cursors and checks nothing as it goes: an index past its column, or an expression that takes
///  more off the stack than it put there, would give words that nobody can foresee. Here every step and every token is
///  walked, when the deal is created. {TermsShape} has checked counts and sections before.
library TermsProgram {
    using TermsBounds for bytes;

    uint256 private constant ANY_PHASE = 0xff;
    uint256 private constant MAX_STEPS = 255;

    uint256 private constant PRORATA = 2;
    uint256 private constant DEBIT = 3;
    uint256 private constant CREDIT = 4;
    uint256 private constant PHASE = 5;
    uint256 private constant VALUE = 7;

    uint256 private constant LET = 1;
    uint256 private constant FEE = 2;
    uint256 private constant INT = 3;
    uint256 private constant PRIN = 4;
    uint256 private constant FILL = 5;
    uint256 private constant MOVE = 6;
    uint256 private constant LOSS = 7;
    uint256 private constant GAIN = 8;
    uint256 private constant IF = 9;
    uint256 private constant ELSE = 10;
    uint256 private constant REST = 11;
    uint256 private constant BUY = 12;
    uint256 private constant PIK = 13;
    uint256 private constant BOOK = 14;
    uint256 private constant TEST = 15;
    uint256 private constant SET = 16;

    uint256 private constant TO_PAYEE = 1;
    uint256 private constant CAP_EACH = 2;
    uint256 private constant OF_DEFERRED = 4;
    uint256 private constant OF_CARRY_OVER = 8;
    uint256 private constant PIK_LANE = 64;

    /// @notice Reverts with the first phase, step, transition or token that reaches too far.
    function check(bytes calldata terms, Bounds memory b) internal pure {
        uint256 phases = terms.field(32, 2);
        for (uint256 phase = 0; phase < b.phases; ++phase) {
            uint256 place = phases + 8 * phase;
            // Phases that share a program name the same steps: they are walked once.
            bool shared = phase != 0 && terms.field(place, 4) == terms.field(place - 8, 4);
            if (!shared) _checkProgram(terms, b, phase, place);
        }
        (b.first, b.end) = (0, 0);
        b.refused = TermsExpressions.OUTSIDE_PROGRAMS;
        _checkTransitions(terms, b);
    }

    function _checkProgram(
        bytes calldata terms,
        Bounds memory b,
        uint256 phase,
        uint256 place
    ) private pure {
        uint256 count = terms.field(place + 2, 2);
        b.first = terms.field(place, 2);
        b.end = b.first + count;
        b.refused = 0;
        require(count <= MAX_STEPS && b.end <= b.steps, IDealFactory.PhaseInvalid(phase));
        for (uint256 step = b.first; step < b.end; ++step) _checkStep(terms, b, step);
    }

    function _checkTransitions(bytes calldata terms, Bounds memory b) private pure {
        uint256 place = terms.field(34, 2);
        uint256 count = terms.field(9, 1);
        for (uint256 i = 0; i < count; ++i) {
            uint256 from = terms.field(place, 1);
            bool fits =
                (from < b.phases || from == ANY_PHASE) &&
                    terms.field(place + 1, 1) < b.phases &&
                    terms.field(place + 6, 1) < 2;
            require(fits, IDealFactory.TransitionInvalid(i));
            TermsExpressions.check(terms, b, terms.field(place + 2, 2), 1);
            place += 8;
        }
    }

    function _checkStep(bytes calldata terms, Bounds memory b, uint256 step) private pure {
        uint256 place = terms.field(36, 2) + 32 * step;
        uint256 op = terms.field(place, 1);
        uint256 mode = terms.field(place + 1, 1);
        bool fits = _flagsFit(op, terms.field(place + 25, 2)) && _stepFits(terms, b, step, place);
        require(fits, IDealFactory.StepInvalid(step));
        if (_takesAmount(op, mode)) {
            TermsExpressions.check(terms, b, terms.field(place + 13, 2), 1);
        }
        if ((op >= FEE && op <= MOVE) || op == REST || op == BUY) {
            TermsExpressions.checkOptional(terms, b, terms.field(place + 17, 2));
        } else {
            _requireAbsent(terms, step, place + 17);
        }
        if (op == PRIN && mode == PRORATA) _checkWeights(terms, b, place);
        else _requireAbsent(terms, step, place + 15);
        if (op == TEST) TermsState.checkTest(terms, b, terms.field(place + 3, 1));
        // Whatever a step does with an entry of its list costs less than eight units.
        b.work += 8 + 8 * (_takesList(op) ? terms.field(place + 4, 1) : 0);
    }

    function _takesList(uint256 op) private pure returns (bool) {
        return (op >= FEE && op <= PRIN) || op == LOSS || op == GAIN || op == PIK;
    }

    /// @dev What a step has no use for is not there, so that every reader runs the same.
    function _requireAbsent(bytes calldata terms, uint256 step, uint256 pointer) private pure {
        bool absent = terms.field(pointer, 2) == TermsExpressions.ABSENT;
        require(absent, IDealFactory.StepInvalid(step));
    }

    function _takesAmount(uint256 op, uint256 mode) private pure returns (bool) {
        if (op == SET) return mode == VALUE;
        return op == LET || (op >= PRIN && op <= IF) || op == BUY || op == BOOK;
    }

    /// @dev One expression that leaves a value for each entry of the list.
    function _checkWeights(bytes calldata terms, Bounds memory b, uint256 place) private pure {
        uint256 pointer = terms.field(place + 15, 2);
        if (pointer == TermsExpressions.ABSENT) return;
        TermsExpressions.check(terms, b, pointer, terms.field(place + 4, 1));
    }

    function _flagsFit(uint256 op, uint256 flags) private pure returns (bool) {
        if (op == FEE) return flags & ~CAP_EACH == 0;
        if (op == INT) return flags == 0 || flags == OF_DEFERRED || flags == OF_CARRY_OVER;
        if (op == BUY) return flags == TO_PAYEE;
        return flags & ~(op == REST ? TO_PAYEE : 0) == 0;
    }

    /// @dev Everything of a step but its flags and expressions.
    function _stepFits(
        bytes calldata terms,
        Bounds memory b,
        uint256 step,
        uint256 place
    ) private pure returns (bool) {
        uint256 op = terms.field(place, 1);
        uint256 mode = terms.field(place + 1, 1);
        uint256 target = terms.field(place + 3, 1);
        if (op == BOOK) return (mode == DEBIT || mode == CREDIT) && target < b.ledgers;
        if (op == SET) return _setFits(b, mode, target);
        if (mode > PRORATA) return false;
        // One slot per step is what the engine keeps for named amounts.
        if (op == LET) return target < b.steps;
        if (op == LOSS || op == GAIN) return _listFits(terms, place, b.classes);
        if (op == PIK) return _listFits(terms, place, b.classes) && _capitalises(terms, place);
        if (op == TEST) return target < b.triggers;
        if (op == IF || op == ELSE) {
            // Jumps go forward, at most to the end of the program.
            uint256 jump = terms.field(place + 23, 2);
            return jump > step && jump <= b.end;
        }
        uint256 source = terms.field(place + 2, 1);
        if (source >= b.accounts) return false;
        if (op == FEE) return _listFits(terms, place, b.fees);
        if (op == INT || op == PRIN) return _listFits(terms, place, b.classes);
        if (op == FILL || op == MOVE) return target < b.accounts && source != target;
        if (op == BUY) return target < b.payees && terms.field(63, 1) == 1;
        bool toPayee = terms.field(place + 25, 2) & TO_PAYEE != 0;
        return op == REST && target < (toPayee ? b.payees : b.accounts);
    }

    function _setFits(Bounds memory b, uint256 mode, uint256 target) private pure returns (bool) {
        if (mode == VALUE) return target < b.variables;
        return mode >= PHASE && mode < VALUE && target < b.phases;
    }

    /// @dev At most 16 entries, each below `limit` and none twice: a class paid twice in one split could be paid too much.
    function _listFits(
        bytes calldata terms,
        uint256 place,
        uint256 limit
    ) private pure returns (bool) {
        uint256 count = terms.field(place + 4, 1);
        if (count > 16) return false;
        uint256 list = terms.field(place + 5, 8);
        uint256 seen = 0;
        for (uint256 i = 0; i < count; ++i) {
            uint256 entry = (list >> (60 - 4 * i)) & 0xf;
            if (entry >= limit || (seen >> entry) & 1 != 0) return false;
            seen |= 1 << entry;
        }
        return true;
    }

    /// @dev Interest is added to the balance only of classes that remember how much.
    function _capitalises(bytes calldata terms, uint256 place) private pure returns (bool) {
        uint256 classes = terms.field(18, 2);
        uint256 count = terms.field(place + 4, 1);
        uint256 list = terms.field(place + 5, 8);
        for (uint256 i = 0; i < count; ++i) {
            uint256 entry = (list >> (60 - 4 * i)) & 0xf;
            if (terms.field(classes + 32 * entry + 18, 1) & PIK_LANE == 0) return false;
        }
        return true;
    }
}
