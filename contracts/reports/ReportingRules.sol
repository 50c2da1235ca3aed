// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DealTerms} from "../deals/DealTerms.sol";

/// @title The deal's rules of reporting, read from its code.
library ReportingRules {
    /// @notice "The deal names none": as a time, later than every time that a calendar can hold.
    uint256 internal constant NEVER = type(uint40).max;

    uint256 private constant NO_GRACE = 0xffffffff;
    uint256 private constant NO_HOLDERS = 0xffff;
    uint256 private constant NONE = 0xff;

    /// @param answerTime seconds that the trustee has to answer a challenge
    /// @param holdersMay whether holders may challenge
    /// @param shareBps part of the deal's current principal that they need
    /// @param verifier who may challenge; zero: nobody
    /// @param trustee who answers; zero: nobody
    struct Challenging {
        uint256 answerTime;
        bool holdersMay;
        uint256 shareBps;
        address verifier;
        address trustee;
    }

    /// @notice Who may challenge the deal's reports, and how.
    function challenging(address code) internal view returns (Challenging memory) {
        (uint256 a, uint256 b, uint256 c) = DealTerms.headerWords(code);
        uint256 head = headOf(code, c);
        uint256 share = uint16(head >> 112);
        return
            Challenging(
                uint32(head >> 128),
                share != NO_HOLDERS,
                share,
                _payee(code, a, b, uint8(head >> 104)),
                _payee(code, a, b, uint8(head >> 96))
            );
    }

    /// @notice Whether the deal's successors become its attesters at a servicer default.
    function handsOver(address code) internal view returns (bool) {
        (, , uint256 c) = DealTerms.headerWords(code);
        return (headOf(code, c) >> 88) & 1 != 0;
    }

    /// @notice When the report of a period is due, and how much later the servicer is in default.
    /// @param period from 1
    /// @return exists false: the deal has no such period
    /// @return dueAt unix seconds
    /// @return grace seconds; {NEVER}: the deal names no default
    function dueTime(
        address code,
        uint256 period
    ) internal view returns (bool exists, uint256 dueAt, uint256 grace) {
        (uint256 a, uint256 b, uint256 c) = DealTerms.headerWords(code);
        if (period > uint16(a >> 112)) return (false, NEVER, NEVER);
        uint256 head = headOf(code, c);
        uint256 row = uint16(b >> 176) + (period - 1) * uint8(a >> 128);
        dueAt = uint40(DealTerms.wordAt(code, row) >> 136) - (head >> 224);
        grace = uint32(head >> 192);
        return (true, dueAt, grace == NO_GRACE ? NEVER : grace);
    }

    /// @notice Seconds from a report's acceptance in which it is final, even if it is challenged and nobody answers.
    function longestWait(address code) internal view returns (uint256) {
        (, , uint256 c) = DealTerms.headerWords(code);
        uint256 head = headOf(code, c);
        return uint256(uint32(head >> 160)) + uint32(head >> 128);
    }

    /// @notice The first word of the section; `c` is the third word of the header.
    function headOf(address code, uint256 c) internal view returns (uint256) {
        return DealTerms.wordAt(code, uint16(c >> 16));
    }

    function _payee(
        address code,
        uint256 a,
        uint256 b,
        uint256 payee
    ) private view returns (address) {
        if (payee == NONE) return address(0);
        uint256 place = 1 + uint256(uint8(a >> 240)) + payee;
        return address(uint160(DealTerms.wordAt(code, uint16(b >> 144) + place * 20) >> 96));
    }
}
