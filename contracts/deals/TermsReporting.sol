// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDealFactory} from "../interfaces/IDealFactory.sol";
import {Bounds, TermsBounds} from "./TermsBounds.sol";

/// @title Checks the rules of reporting: what the report registry relies on without looking again.
/// @notice Times are such that an honest servicer can keep them: a report is due after the period's determination and after
///  the payment before it, and one that comes in time is final, even if it is challenged, before the next one is due.
library TermsReporting {
    using TermsBounds for bytes;

    uint256 private constant HEAD_BYTES = 24;
    uint256 private constant NONE = 0xff;
    uint256 private constant NEVER = 0xffffffff;
    uint256 private constant NO_HOLDERS = 0xffff;
    uint256 private constant BPS = 10_000;
    uint256 private constant LONGEST = 60 days;
    uint256 private constant LONGEST_GRACE = 366 days;
    uint256 private constant MAX_IDENTITIES = 8;

    /// @notice Reverts with the first rule that cannot be kept.
    function check(bytes calldata terms, Bounds memory b) internal pure {
        uint256 place = terms.field(92, 2);
        _checkTimes(terms, place);
        _checkParties(terms, b, place);
        _checkIdentities(terms, b, place);
        _checkCalendar(terms, place);
        _checkFlows(terms, b);
    }

    function _checkTimes(bytes calldata terms, uint256 place) private pure {
        _most(terms, place, 0, LONGEST); // due lead
        if (terms.field(place + 4, 4) != NEVER) _most(terms, place, 4, LONGEST_GRACE);
        uint256 window = _most(terms, place, 8, LONGEST);
        uint256 answer = _most(terms, place, 12, LONGEST);
        require((window == 0) == (answer == 0), IDealFactory.ReportingTermsInvalid(12, answer));
    }

    function _checkParties(bytes calldata terms, Bounds memory b, uint256 place) private pure {
        bool isOpen = terms.field(place + 8, 4) != 0;
        uint256 share = terms.field(place + 16, 2);
        bool fits = share == NO_HOLDERS || (isOpen && share != 0 && share <= BPS);
        require(fits, IDealFactory.ReportingTermsInvalid(16, share));
        uint256 verifier = terms.field(place + 18, 1);
        fits = verifier == NONE || verifier < b.payees;
        require(fits, IDealFactory.ReportingTermsInvalid(18, verifier));
        uint256 trustee = terms.field(place + 19, 1);
        fits = trustee < b.payees || (trustee == NONE && !isOpen);
        require(fits, IDealFactory.ReportingTermsInvalid(19, trustee));
        uint256 flags = terms.field(place + 20, 1);
        require(flags < 2, IDealFactory.ReportingTermsInvalid(20, flags));
        uint256 rest = terms.field(place + 22, 2);
        require(rest == 0, IDealFactory.ReportingTermsInvalid(22, rest));
    }

    /// @dev The section is exactly as long as its identities are.
    function _checkIdentities(bytes calldata terms, Bounds memory b, uint256 place) private pure {
        uint256 identities = _ofByte(terms, place, 21, 0, MAX_IDENTITIES);
        uint256 offset = HEAD_BYTES;
        for (uint256 i = 0; i < identities; ++i) {
            uint256 end = offset + 1 + _ofByte(terms, place, offset, 2, 32);
            for (++offset; offset < end; ++offset) {
                uint256 figure = terms.field(place + offset, 1);
                require(
                    figure & 0x7f < b.figures,
                    IDealFactory.ReportingTermsInvalid(offset, figure)
                );
            }
        }
        uint256 names = terms.field(42, 2);
        require(
            names == place + offset,
            IDealFactory.TermsSectionInvalid(42, names, place + offset)
        );
    }

    /// @dev {TermsShape} has checked that the times of the rows follow each other.
    function _checkCalendar(bytes calldata terms, uint256 place) private pure {
        uint256 lead = terms.field(place, 4);
        uint256 open = terms.field(place + 8, 4) + terms.field(place + 12, 4);
        uint256 stride = terms.field(15, 1);
        uint256 row = terms.field(40, 2);
        uint256 last = 0;
        for (uint256 period = 1; row != place; ++period) {
            uint256 payment = terms.field(row + 10, 5);
            bool fits = payment >= terms.field(row, 5) + lead;
            if (period != 1) fits = fits && payment > last + lead && payment >= last + open;
            require(fits, IDealFactory.CalendarInvalid(period));
            last = payment;
            row += stride;
        }
    }

    /// @dev Balances and the count are not amounts of the period, available funds are.
    function _checkFlows(bytes calldata terms, Bounds memory b) private pure {
        uint256 place = terms.field(26, 2) + 18;
        for (uint256 i = 0; i < b.figures; ++i) {
            uint256 flags = terms.field(place + 24 * i, 1);
            bool fits = flags < 2 && (i > 3 || flags == (i == 3 ? 1 : 0));
            require(fits, IDealFactory.FigureTermsInvalid(i));
        }
    }

    function _most(
        bytes calldata terms,
        uint256 place,
        uint256 offset,
        uint256 maximum
    ) private pure returns (uint256 value) {
        value = terms.field(place + offset, 4);
        require(value <= maximum, IDealFactory.ReportingTermsInvalid(offset, value));
    }

    function _ofByte(
        bytes calldata terms,
        uint256 place,
        uint256 offset,
        uint256 minimum,
        uint256 maximum
    ) private pure returns (uint256 value) {
        value = terms.field(place + offset, 1);
        require(
            value >= minimum && value <= maximum,
            IDealFactory.ReportingTermsInvalid(offset, value)
        );
    }
}
