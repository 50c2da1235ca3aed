// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DealTerms} from "../deals/DealTerms.sol";

/// @title What the deal code says about a run's inputs: feed indices, fixing times, notices.
library InputTerms {
    uint256 private constant CALENDAR_ROW_HEAD = 24;
    uint256 private constant PERCENT = 2;
    uint256 private constant ONCE = 1;
    uint256 private constant SERVICER_DEFAULT = 3;
    uint256 private constant NOBODY = 0xff;

    /// @param periods periods of the deal
    /// @param indices indices that a feed fixes
    /// @param notices notices of the terms
    /// @param buys whether a program buys collateral
    struct Counts {
        uint256 periods;
        uint256 indices;
        uint256 notices;
        bool buys;
    }

    /// @param feed the AggregatorV3Interface that fixes the index
    /// @param decimals decimals of its answers
    /// @param inPercent 1 is 1 %; false: 1 is 100 %
    /// @param maxAge seconds that a round may be old at the fixing time
    /// @param initialRate annual rate of the first period if the feed fixes none, 1e18 = 100 %
    struct FeedIndex {
        address feed;
        uint8 decimals;
        bool inPercent;
        uint256 maxAge;
        int64 initialRate;
    }

    /// @notice How many inputs of each kind the deal has.
    function counts(address code) internal view returns (Counts memory) {
        (uint256 a, uint256 b, ) = DealTerms.headerWords(code);
        return Counts(uint16(a >> 112), uint8(b >> 16), uint8(b >> 8), b & 1 != 0);
    }

    /// @notice Terms of a feed index; `index` < indices.
    function indexOf(address code, uint256 index) internal view returns (FeedIndex memory) {
        (uint256 a, uint256 b, uint256 c) = DealTerms.headerWords(code);
        uint256 record = DealTerms.wordAt(code, uint16(c >> 80) + index * 16);
        uint256 place = 1 + uint256(uint8(a >> 240)) + uint8(a >> 216) + index;
        return
            FeedIndex(
                _addressAt(code, b, place),
                uint8(record >> 232),
                uint8(record >> 224) == PERCENT,
                uint32(record >> 192),
                int64(uint64(record >> 128))
            );
    }

    /// @notice When the period is paid, unix seconds, and how many seconds later the deal is late.
    function paymentOf(
        address code,
        uint256 period
    ) internal view returns (uint256 payment, uint256 grace) {
        (uint256 a, uint256 b, ) = DealTerms.headerWords(code);
        uint256 row = uint16(b >> 176) + (period - 1) * uint8(a >> 128);
        return (uint40(DealTerms.wordAt(code, row) >> 136), uint32(b >> 56));
    }

    /// @notice When an index is fixed for a period, unix seconds; both are of the deal.
    function fixingTimeOf(
        address code,
        uint256 period,
        uint256 index
    ) internal view returns (uint256) {
        (uint256 a, uint256 b, ) = DealTerms.headerWords(code);
        uint256 row = uint16(b >> 176) + (period - 1) * uint8(a >> 128);
        uint256 offset = row + CALENDAR_ROW_HEAD + 4 * uint256(uint8(a >> 168)) + 5 * index;
        return DealTerms.wordAt(code, offset) >> 216;
    }

    /// @notice The payee that may give a notice; zero: nobody gives it. `notice` < notices.
    function giverOf(address code, uint256 notice) internal view returns (address) {
        (uint256 a, uint256 b, uint256 c) = DealTerms.headerWords(code);
        uint256 payee = uint8(DealTerms.wordAt(code, uint16(c >> 64) + notice * 4) >> 232);
        if (payee == NOBODY) return address(0);
        return _addressAt(code, b, 1 + uint256(uint8(a >> 240)) + payee);
    }

    /// @notice Which notices count for one run only, and which are in force while the servicer is in default; bit q: notice q.
    /// @dev A record has 4 bytes and there are at most 8: all of them are one word.
    function noticeKinds(address code) internal view returns (uint256 once, uint256 byDefault) {
        (, uint256 b, uint256 c) = DealTerms.headerWords(code);
        uint256 records = DealTerms.wordAt(code, uint16(c >> 64));
        uint256 notices = uint8(b >> 8);
        for (uint256 i = 0; i < notices; ++i) {
            uint256 kind = uint8(records >> (224 - 32 * i));
            if (kind == ONCE) once |= 1 << i;
            if (kind == SERVICER_DEFAULT) byDefault |= 1 << i;
        }
    }

    /// @dev The address at `place` behind the terms, whose length stands in the header's second word.
    function _addressAt(address code, uint256 b, uint256 place) private view returns (address) {
        return address(uint160(DealTerms.wordAt(code, uint16(b >> 144) + place * 20) >> 96));
    }
}
