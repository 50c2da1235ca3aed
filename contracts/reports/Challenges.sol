// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DealTerms} from "../deals/DealTerms.sol";
import {IReportRegistry} from "../interfaces/IReportRegistry.sol";
import {IReportViews} from "../interfaces/IReportViews.sol";
import {ITrancheToken} from "../interfaces/ITrancheToken.sol";
import {ReportingRules} from "./ReportingRules.sol";
import {RecordWord, ReportRecord} from "./ReportRecords.sol";
import {Restatements} from "./Restatements.sol";

/// @title The challenge window of reports and restatements.
/// @notice A version is challenged once. A challenge never makes it final earlier than it would have been; an answer does.
abstract contract Challenges is Restatements {
    bytes32 private constant CHALLENGE_TYPEHASH = keccak256(
        "Challenge(uint64 dealId,uint16 period,uint16 version,bytes32 reason)"
    );

    uint256 private constant BPS = 10_000;

    /// @inheritdoc IReportRegistry
    function challengeReport(
        uint64 dealId,
        uint16 period,
        uint16 version,
        bytes32 reason
    ) external {
        DealReports storage deal = _deal(dealId);
        ReportRecord storage report = _unchallenged(deal, dealId, period, version);
        ReportingRules.Challenging memory rules = ReportingRules.challenging(deal.code);
        if (msg.sender == rules.trustee) {
            _emitChallenged(dealId, period, report, 0, reason);
            _refuse(deal, dealId, period, reason);
        } else {
            require(msg.sender == rules.verifier, CallerMayNotChallenge(msg.sender));
            _challenge(report, rules.answerTime);
            _emitChallenged(dealId, period, report, 0, reason);
        }
    }

    /// @inheritdoc IReportRegistry
    function challengeByHolders(
        uint64 dealId,
        uint16 period,
        uint16 version,
        bytes32 reason,
        Backer[] calldata backers
    ) external {
        DealReports storage deal = _deal(dealId);
        ReportRecord storage report = _unchallenged(deal, dealId, period, version);
        ReportingRules.Challenging memory rules = ReportingRules.challenging(deal.code);
        require(rules.holdersMay, HoldersMayNotChallenge(dealId));
        _requireBackers(backers, challengeDigest(dealId, period, version, reason));
        uint256 backing = _requireBacking(deal.code, backers, rules.shareBps);
        _challenge(report, rules.answerTime);
        _emitChallenged(dealId, period, report, backing, reason);
    }

    /// @inheritdoc IReportRegistry
    function answerChallenge(
        uint64 dealId,
        uint16 period,
        uint16 version,
        bool uphold,
        bytes32 reason
    ) external {
        DealReports storage deal = _deal(dealId);
        address trustee = ReportingRules.challenging(deal.code).trustee;
        require(msg.sender == trustee, CallerNotTrustee(msg.sender, trustee));
        ReportRecord storage report = _open(deal, dealId, period, version);
        require(
            report.word.status() == ReportStatus.Challenged,
            ChallengeMissing(dealId, period, version)
        );
        if (uphold) {
            _refuse(deal, dealId, period, reason);
        } else {
            report.word = report.word.withStatus(ReportStatus.Standing, block.timestamp);
            emit ChallengeDismissed(dealId, period, version, reason);
        }
    }

    /// @inheritdoc IReportViews
    function challengeDigest(
        uint64 dealId,
        uint16 period,
        uint16 version,
        bytes32 reason
    ) public view returns (bytes32) {
        bytes memory challenge = abi.encode(CHALLENGE_TYPEHASH, dealId, period, version, reason);
        return _hashTypedDataV4(keccak256(challenge));
    }

    /// @dev The version of the period that waits to become final: of its report, or, once that is used, of its restatement.
    function _open(
        DealReports storage deal,
        uint64 dealId,
        uint16 period,
        uint16 version
    ) private view returns (ReportRecord storage report) {
        report = period == deal.restating ? deal.restated[period] : deal.accepted[period];
        RecordWord word = report.word;
        bool isOpen =
            report.reportHash != bytes32(0) &&
                word.version() == version &&
                !word.isUsed() &&
                !word.isRejected();
        require(isOpen, VersionNotOpen(dealId, period, version));
        uint256 finalAt = word.finalAt();
        require(block.timestamp < finalAt, ChallengeTimeOver(block.timestamp, finalAt));
    }

    function _unchallenged(
        DealReports storage deal,
        uint64 dealId,
        uint16 period,
        uint16 version
    ) private view returns (ReportRecord storage report) {
        report = _open(deal, dealId, period, version);
        require(
            report.word.status() == ReportStatus.Standing,
            ChallengedBefore(dealId, period, version)
        );
    }

    /// @dev Were the time cut short, whoever wants a wrong report to stand would challenge it first.
    function _challenge(ReportRecord storage report, uint256 answerTime) private {
        RecordWord word = report.word;
        uint256 answerBy = block.timestamp + answerTime;
        uint256 finalAt = word.finalAt() > answerBy ? word.finalAt() : answerBy;
        report.word = word.withStatus(ReportStatus.Challenged, finalAt);
    }

    /// @dev The trustee has found against the version.
    function _refuse(
        DealReports storage deal,
        uint64 dealId,
        uint16 period,
        bytes32 reason
    ) private {
        if (period == deal.restating) _dropRestatement(deal, dealId, reason);
        else _reject(deal, dealId, period, reason);
    }

    function _emitChallenged(
        uint64 dealId,
        uint16 period,
        ReportRecord storage report,
        uint256 backing,
        bytes32 reason
    ) private {
        emit ReportChallenged(
            dealId,
            period,
            report.word.version(),
            msg.sender,
            backing,
            reason,
            report.word.finalAt()
        );
    }

    /// @dev Each has signed, or is the caller; order is what makes a wallet count once.
    function _requireBackers(Backer[] calldata backers, bytes32 digest) private view {
        address previous = address(0);
        for (uint256 i = 0; i < backers.length; ++i) {
            Backer calldata backer = backers[i];
            address wallet = backer.wallet;
            require(wallet > previous, BackersNotAscending(previous, wallet));
            if (wallet != msg.sender || backer.signature.length != 0) {
                _requireSignature(wallet, digest, backer.signature);
            }
            previous = wallet;
        }
    }

    /// @dev What the backers held at the last record time, at today's principal, each class rounded down. Where nothing is
    ///  outstanding nobody challenges.
    function _requireBacking(
        address code,
        Backer[] calldata backers,
        uint256 shareBps
    ) private view returns (uint256 backing) {
        (uint256 recordTime, address[] memory tokens) = _register(code);
        uint256 total = 0;
        for (uint256 i = 0; i < tokens.length; ++i) {
            ITrancheToken token = ITrancheToken(tokens[i]);
            uint256 principal = token.principalBalance();
            if (principal == 0) continue;
            total += principal;
            uint256 face = 0;
            for (uint256 n = 0; n < backers.length; ++n) {
                address wallet = backers[n].wallet;
                face +=
                    recordTime == 0
                        ? token.balanceOf(wallet)
                        : token.balanceOfAt(wallet, uint48(recordTime));
            }
            backing += (face * principal) / token.totalSupply();
        }
        uint256 need = (total * shareBps + BPS - 1) / BPS;
        require(backing != 0 && backing >= need, BackingTooSmall(backing, need));
    }

    /// @return recordTime the deal's last record time, unix seconds; 0 before the first
    /// @return tokens its class tokens
    function _register(
        address code
    ) private view returns (uint256 recordTime, address[] memory tokens) {
        (uint256 a, uint256 b, ) = DealTerms.headerWords(code);
        (uint256 window, ) = DealTerms.recordWindow(code, 0, block.timestamp);
        if (window != 0) {
            uint256 row = uint16(b >> 176) + (window - 1) * uint8(a >> 128);
            recordTime = uint40(DealTerms.wordAt(code, row) >> 176);
        }
        tokens = new address[](uint8(a >> 240));
        for (uint256 i = 0; i < tokens.length; ++i) {
            uint256 place = uint16(b >> 144) + (1 + i) * 20;
            tokens[i] = address(uint160(DealTerms.wordAt(code, place) >> 96));
        }
    }
}
