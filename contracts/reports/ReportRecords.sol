// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IReportViews} from "../interfaces/IReportViews.sol";

/// @notice What is kept of a report or a restatement, as {IReportViews.AcceptedReport} tells it.
/// @param word everything but the hashes
struct ReportRecord {
    bytes32 reportHash;
    bytes32 tapeCommitment;
    RecordWord word;
}

/// @notice poolClosing u64 @0 | loanCount u64 @64 | acceptedAt u40 @128 | finalAt u40 @168 | version u16 @208 | status u8 @224 |
///  used @232 | carries @233 | restated @234: one word, because the compiler's packing of nine members would cost a report
///  3,000 gas and the contract 3,000 bytes more.
type RecordWord is uint256;

using RecordWords for RecordWord global;
using ReportRecords for ReportRecord global;

/// @title Packs and reads the word of a record.
library RecordWords {
    uint256 private constant USED = 1 << 232;
    uint256 private constant CARRIES = 1 << 233;
    uint256 private constant RESTATED = 1 << 234;

    /// @notice A word of a version that was just accepted: standing, unused. Every argument fits its lane: figures are at most
    ///  int64 and these two not negative.
    function create(
        uint256 poolClosing_,
        uint256 loanCount,
        uint256 finalAt_,
        uint256 version_
    ) internal view returns (RecordWord) {
        return
            RecordWord.wrap(
                poolClosing_ |
                    (loanCount << 64) |
                    (block.timestamp << 128) |
                    (finalAt_ << 168) |
                    (version_ << 208)
            );
    }

    function poolClosing(RecordWord word) internal pure returns (uint64) {
        return uint64(RecordWord.unwrap(word));
    }

    function acceptedAt(RecordWord word) internal pure returns (uint40) {
        return uint40(RecordWord.unwrap(word) >> 128);
    }

    function finalAt(RecordWord word) internal pure returns (uint40) {
        return uint40(RecordWord.unwrap(word) >> 168);
    }

    function version(RecordWord word) internal pure returns (uint16) {
        return uint16(RecordWord.unwrap(word) >> 208);
    }

    function status(RecordWord word) internal pure returns (IReportViews.ReportStatus) {
        return IReportViews.ReportStatus(uint8(RecordWord.unwrap(word) >> 224));
    }

    function isRejected(RecordWord word) internal pure returns (bool) {
        return status(word) == IReportViews.ReportStatus.Rejected;
    }

    function isUsed(RecordWord word) internal pure returns (bool) {
        return RecordWord.unwrap(word) & USED != 0;
    }

    function carries(RecordWord word) internal pure returns (bool) {
        return RecordWord.unwrap(word) & CARRIES != 0;
    }

    function isRestated(RecordWord word) internal pure returns (bool) {
        return RecordWord.unwrap(word) & RESTATED != 0;
    }

    /// @notice Whether nobody can challenge or answer any more, and it stands.
    function isFinal(RecordWord word) internal view returns (bool) {
        return block.timestamp >= finalAt(word) && !isRejected(word);
    }

    function withUsed(RecordWord word) internal pure returns (RecordWord) {
        return RecordWord.wrap(RecordWord.unwrap(word) | USED);
    }

    function withCarries(RecordWord word, bool yes) internal pure returns (RecordWord) {
        return _with(word, CARRIES, yes);
    }

    function withRestated(RecordWord word, bool yes) internal pure returns (RecordWord) {
        return _with(word, RESTATED, yes);
    }

    /// @notice Another status, and when it is final (rejected: was rejected), unix seconds.
    function withStatus(
        RecordWord word,
        IReportViews.ReportStatus status_,
        uint256 finalAt_
    ) internal pure returns (RecordWord) {
        uint256 lanes = (uint256(0xff) << 224) | (uint256(type(uint40).max) << 168);
        return
            RecordWord.wrap(
                (RecordWord.unwrap(word) & ~lanes) | (uint256(status_) << 224) | (finalAt_ << 168)
            );
    }

    function _with(RecordWord word, uint256 flag, bool yes) private pure returns (RecordWord) {
        uint256 bits = RecordWord.unwrap(word);
        return RecordWord.wrap(yes ? bits | flag : bits & ~flag);
    }
}

/// @title Tells a record as the interface does.
library ReportRecords {
    function told(
        ReportRecord storage record
    ) internal view returns (IReportViews.AcceptedReport memory) {
        RecordWord word = record.word;
        return
            IReportViews.AcceptedReport(
                record.reportHash,
                record.tapeCommitment,
                word.acceptedAt(),
                word.poolClosing(),
                uint64(RecordWord.unwrap(word) >> 64),
                word.version(),
                word.isUsed(),
                word.status(),
                word.finalAt(),
                word.carries(),
                word.isRestated()
            );
    }
}
