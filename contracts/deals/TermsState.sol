// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDealFactory} from "../interfaces/IDealFactory.sol";
import {Bounds, TermsBounds} from "./TermsBounds.sol";
import {TermsExpressions} from "./TermsExpressions.sol";

/// @title Checks what a deal remembers from run to run, and its schedules.
/// @notice Every lane has one owner: accounts, unpaid fees, used caps, ledgers, variables, the classes' own, triggers and
///  series follow each other without a gap.
library TermsState {
    using TermsBounds for bytes;

    uint256 private constant NONE = 0xff;
    uint256 private constant MAX_LANES = 128;
    uint256 private constant MAX_DEPTH = 24;
    uint256 private constant MAX_TESTS = 48;
    uint256 private constant CURE_BY_NOTICE = 0xff;

    /// @notice Reverts with the first lane, series, trigger or schedule that is out of place.
    function check(bytes calldata terms, Bounds memory b) internal pure {
        b.refused = TermsExpressions.OUTSIDE_PROGRAMS;
        uint256 lane = b.accounts + b.fees + b.caps + b.ledgers + b.variables;
        lane = _checkClasses(terms, b, lane);
        lane = _checkTriggers(terms, b, lane);
        lane = _checkSeries(terms, b, lane);
        require(
            lane <= MAX_LANES && b.lanes == 4 * ((lane + 3) / 4),
            IDealFactory.LanesInvalid(lane, b.lanes)
        );
        _checkSchedules(terms, b);
    }

    /// @dev A class's own lanes: one for each of three flags.
    function _checkClasses(
        bytes calldata terms,
        Bounds memory b,
        uint256 lane
    ) private pure returns (uint256) {
        uint256 place = terms.field(18, 2);
        for (uint256 i = 0; i < b.classes; ++i) {
            uint256 flags = terms.field(place + 18, 1);
            uint256 own = ((flags >> 4) & 1) + ((flags >> 5) & 1) + ((flags >> 6) & 1);
            bool fits = flags < 128 && terms.field(place + 22, 1) == (own == 0 ? NONE : lane);
            require(fits, IDealFactory.ClassTermsInvalid(i));
            lane += own;
            place += 32;
        }
        return lane;
    }

    function _checkTriggers(
        bytes calldata terms,
        Bounds memory b,
        uint256 lane
    ) private pure returns (uint256) {
        uint256 place = terms.field(82, 2);
        for (uint256 i = 0; i < b.triggers; ++i) {
            bool fits = terms.field(place + 6, 1) == lane && _ruleFits(terms, b, place);
            require(fits, IDealFactory.TriggerTermsInvalid(i));
            checkTest(terms, b, i);
            ++lane;
            place += 32;
        }
        return lane;
    }

    /// @notice The expressions of one trigger; a step that tests it does their work again.
    function checkTest(bytes calldata terms, Bounds memory b, uint256 trigger) internal pure {
        uint256 place = terms.field(82, 2) + 32 * trigger;
        TermsExpressions.check(terms, b, terms.field(place + 8, 2), 1);
        TermsExpressions.checkOptional(terms, b, terms.field(place + 10, 2));
        TermsExpressions.check(terms, b, terms.field(place + 12, 2), 1);
    }

    function _ruleFits(
        bytes calldata terms,
        Bounds memory b,
        uint256 place
    ) private pure returns (bool) {
        uint256 breaches = terms.field(place + 1, 1);
        uint256 tests = terms.field(place + 2, 1);
        uint256 cure = terms.field(place + 3, 1);
        uint256 comparison = terms.field(place + 5, 1);
        return
            terms.field(place, 1) < 3 &&
            breaches != 0 &&
            breaches <= tests &&
            tests <= MAX_TESTS &&
            (cure == CURE_BY_NOTICE ? terms.field(place + 4, 1) < b.notices : cure <= MAX_TESTS) &&
            comparison != 0 &&
            comparison < 5;
    }

    /// @dev Those that are recorded before the steps stand before the others.
    function _checkSeries(
        bytes calldata terms,
        Bounds memory b,
        uint256 lane
    ) private pure returns (uint256) {
        uint256 place = terms.field(80, 2);
        for (uint256 i = 0; i < b.series; ++i) {
            bool fits = _seriesFits(terms, i, place, lane);
            require(fits, IDealFactory.SeriesTermsInvalid(i));
            TermsExpressions.check(terms, b, terms.field(place, 2), 1);
            lane += terms.field(place + 2, 1);
            place += 16;
        }
        return lane;
    }

    function _seriesFits(
        bytes calldata terms,
        uint256 index,
        uint256 place,
        uint256 lane
    ) private pure returns (bool) {
        uint256 depth = terms.field(place + 2, 1);
        uint256 earliest = index == 0 ? 1 : terms.field(place - 16 + 3, 1);
        return
            depth != 0 &&
            depth <= MAX_DEPTH &&
            terms.field(place + 3, 1) <= earliest &&
            terms.field(place + 4, 1) == lane;
    }

    /// @dev Every schedule has a row, its rows rise, and they lie before the calendar.
    function _checkSchedules(bytes calldata terms, Bounds memory b) private pure {
        uint256 start = terms.field(88, 2);
        uint256 room = terms.field(40, 2) - start;
        require(6 * b.schedules <= room, IDealFactory.ScheduleTermsInvalid(0));
        for (uint256 i = 0; i < b.schedules; ++i) {
            uint256 row = terms.field(start + 6 * i, 2);
            uint256 count = terms.field(start + 6 * i + 2, 2);
            bool fits = count != 0 && row >= 6 * b.schedules && row + 18 * count <= room;
            require(fits, IDealFactory.ScheduleTermsInvalid(i));
            row += start;
            for (uint256 n = 1; n < count; ++n) {
                fits = terms.field(row, 2) < terms.field(row + 18, 2);
                require(fits, IDealFactory.ScheduleTermsInvalid(i));
                row += 18;
            }
        }
    }
}
