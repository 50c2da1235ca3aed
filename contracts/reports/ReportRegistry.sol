// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {EIP712Upgradeable} from "@openzeppelin/contracts-upgradeable/utils/cryptography/EIP712Upgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IReportRegistry} from "../interfaces/IReportRegistry.sol";
import {DealTerms} from "../deals/DealTerms.sol";

/// @title The register of attested servicer reports.
/// @notice Factory and distributor are fixed addresses set once at initialisation: cheaper than a role lookup and out of
///  any administrator's reach. Everything that a person may do with privilege goes through the AccessManager.
contract ReportRegistry is
    IReportRegistry,
    AccessManagedUpgradeable,
    EIP712Upgradeable,
    UUPSUpgradeable
{
    /// @dev An attester set is read one slot a signer; the cap only bounds {setAttesters}.
    uint256 private constant MAX_ATTESTERS = 32;

    bytes32 private constant REPORT_TYPEHASH = keccak256(
        "Report(uint64 dealId,uint16 period,uint16 version,bytes32 termsHash,bytes32 tapeRoot,bytes32 closeHash,bytes32 resultHash,int256[] figures)"
    );

    /// @dev Figures 0..3 have the same meaning in every deal and none of them can be negative.
    uint256 private constant FIXED_FIGURES = 4;

    /// @dev code, latestPeriod and threshold share the first slot.
    struct DealReports {
        address code;
        uint16 latestPeriod;
        uint8 threshold;
        bytes32 termsHash;
        address[] attesters;
        mapping(address attester => bool) isAttester;
        mapping(uint16 period => AcceptedReport) accepted;
    }

    /// @custom:storage-location erc7201:penstock.ReportRegistry
    struct RegistryStorage {
        address factory;
        address distributor;
        mapping(uint64 dealId => DealReports) deals;
    }

    // keccak256(abi.encode(uint256(keccak256("penstock.ReportRegistry")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_LOCATION =
        0xe503b817223c481d26ee9d5246128991242b8233b1fdd1a36953d8771800be00;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        _disableInitializers();
    }

    /// @notice Sets the role book and the two fixed links.
    /// @param authority the AccessManager
    /// @param factory the only one who registers deals
    /// @param distributor the only one who uses reports
    function initialize(
        address authority,
        address factory,
        address distributor
    ) external initializer {
        require(
            authority != address(0) && factory != address(0) && distributor != address(0),
            LinkMissing()
        );
        __AccessManaged_init(authority);
        RegistryStorage storage $ = _storage();
        $.factory = factory;
        $.distributor = distributor;
    }

    /// @inheritdoc IReportRegistry
    function registerDeal(
        uint64 dealId,
        address code,
        address[] calldata attesters,
        uint8 threshold
    ) external {
        RegistryStorage storage $ = _storage();
        require(msg.sender == $.factory, CallerNotAllowed(msg.sender, $.factory));
        DealReports storage deal = $.deals[dealId];
        require(deal.code == address(0), DealAlreadyRegistered(dealId));
        bytes32 termsHash = DealTerms.termsHash(code);
        deal.code = code;
        deal.termsHash = termsHash;
        emit DealRegistered(dealId, code, termsHash);
        _setAttesters(deal, dealId, attesters, threshold);
    }

    /// @inheritdoc IReportRegistry
    function setAttesters(
        uint64 dealId,
        address[] calldata attesters,
        uint8 threshold
    ) external restricted {
        _setAttesters(_deal(dealId), dealId, attesters, threshold);
    }

    /// @inheritdoc IReportRegistry
    function publishReport(
        Report calldata report,
        address[] calldata signers,
        bytes[] calldata signatures
    ) external {
        DealReports storage deal = _deal(report.dealId);
        _requireInOrder(deal, report);
        require(
            report.termsHash == deal.termsHash,
            TermsMismatch(report.termsHash, deal.termsHash)
        );
        _requireFiguresFit(deal, report);
        bytes32 reportHash = _hashOf(report);
        _requireSigned(deal, _hashTypedDataV4(reportHash), signers, signatures);
        _accept(deal, report, reportHash);
        emit ReportPublished(
            report.dealId,
            report.period,
            report.version,
            reportHash,
            report.tapeRoot,
            report.closeHash,
            report.resultHash,
            report.figures,
            signers
        );
    }

    /// @inheritdoc IReportRegistry
    function useReport(Report calldata report) external returns (bytes32 reportHash) {
        RegistryStorage storage $ = _storage();
        require(msg.sender == $.distributor, CallerNotAllowed(msg.sender, $.distributor));
        AcceptedReport storage accepted = $.deals[report.dealId].accepted[report.period];
        bytes32 acceptedHash = accepted.reportHash;
        require(acceptedHash != bytes32(0), ReportUnknown(report.dealId, report.period));
        reportHash = _hashOf(report);
        require(reportHash == acceptedHash, ReportMismatch(reportHash, acceptedHash));
        require(!accepted.used, ReportAlreadyUsed(report.dealId, report.period));
        accepted.used = true;
    }

    /// @inheritdoc IReportRegistry
    function acceptedReport(
        uint64 dealId,
        uint16 period
    ) external view returns (AcceptedReport memory) {
        return _accepted(dealId, period);
    }

    /// @inheritdoc IReportRegistry
    function latestPeriod(uint64 dealId) external view returns (uint16) {
        return _deal(dealId).latestPeriod;
    }

    /// @inheritdoc IReportRegistry
    function tapeCommitment(uint64 dealId, uint16 period) external view returns (bytes32) {
        return _accepted(dealId, period).tapeCommitment;
    }

    /// @inheritdoc IReportRegistry
    function poolBalance(
        uint64 dealId
    ) external view returns (uint16 period, uint64 balance, uint40 acceptedAt) {
        period = _deal(dealId).latestPeriod;
        AcceptedReport storage accepted = _accepted(dealId, period);
        return (period, accepted.poolClosing, accepted.acceptedAt);
    }

    /// @inheritdoc IReportRegistry
    function attestersOf(
        uint64 dealId
    ) external view returns (address[] memory attesters, uint8 threshold) {
        DealReports storage deal = _deal(dealId);
        return (deal.attesters, deal.threshold);
    }

    /// @inheritdoc IReportRegistry
    function reportDigest(Report calldata report) external view returns (bytes32) {
        return _hashTypedDataV4(_hashOf(report));
    }

    /// @dev Either the first report of the next period, or the next version of the last one while it is unused.
    function _requireInOrder(DealReports storage deal, Report calldata report) private view {
        uint16 latest = deal.latestPeriod;
        uint16 expected = 1;
        if (report.period == latest && latest != 0) {
            AcceptedReport storage accepted = deal.accepted[latest];
            require(!accepted.used, ReportAlreadyUsed(report.dealId, latest));
            expected = accepted.version + 1;
        } else {
            require(
                uint256(report.period) == uint256(latest) + 1,
                PeriodOutOfOrder(report.period, latest)
            );
        }
        require(report.version == expected, VersionOutOfOrder(report.version, expected));
    }

    /// @dev The determination time has passed, every figure is inside its declared bounds, and the pool rolls forward.
    ///  The opening balance is never the reporter's word: it is the closing balance that was accepted before.
    function _requireFiguresFit(DealReports storage deal, Report calldata report) private view {
        address code = deal.code;
        DealTerms.Header memory terms = DealTerms.header(code);
        require(report.period <= terms.periods, PeriodAfterLast(report.period, terms.periods));
        uint256 determination = DealTerms.calendarRow(code, terms, report.period).determinationTime;
        require(block.timestamp >= determination, ReportTooEarly(block.timestamp, determination));
        int256[] calldata figures = report.figures;
        require(
            figures.length == terms.figureCount,
            FigureCountMismatch(figures.length, terms.figureCount)
        );
        for (uint256 i = 0; i < figures.length; ++i) {
            int256 value = figures[i];
            (int256 minimum, int256 maximum) = DealTerms.figureBounds(code, terms, i);
            require(
                value >= minimum && value <= maximum,
                FigureOutOfBounds(i, value, minimum, maximum)
            );
            require(value >= 0 || i >= FIXED_FIGURES, FigureNegative(i, value));
        }
        uint256 lastClosing =
            report.period == 1
                ? terms.cutOffPoolBalance
                : deal.accepted[report.period - 1].poolClosing;
        // Not negative (checked above), so the cast keeps the value.
        require(
            uint256(figures[DealTerms.POOL_OPENING]) == lastClosing,
            OpeningMismatch(figures[DealTerms.POOL_OPENING], lastClosing)
        );
    }

    /// @dev Order is what makes a signer count once.
    function _requireSigned(
        DealReports storage deal,
        bytes32 digest,
        address[] calldata signers,
        bytes[] calldata signatures
    ) private view {
        require(
            signers.length == signatures.length,
            SignatureCountMismatch(signers.length, signatures.length)
        );
        uint256 threshold = deal.threshold;
        require(signers.length >= threshold, SignaturesTooFew(signers.length, threshold));
        address previous = address(0);
        for (uint256 i = 0; i < signers.length; ++i) {
            address signer = signers[i];
            require(signer > previous, SignersNotAscending(previous, signer));
            require(deal.isAttester[signer], SignerNotAttester(signer));
            require(
                SignatureChecker.isValidSignatureNowCalldata(signer, digest, signatures[i]),
                SignatureInvalid(signer)
            );
            previous = signer;
        }
    }

    /// @dev Figures are at most int64 and those two are not negative: the casts keep their values.
    function _accept(DealReports storage deal, Report calldata report, bytes32 reportHash) private {
        int256 closing = report.figures[DealTerms.POOL_CLOSING];
        int256 loans = report.figures[DealTerms.LOAN_COUNT];
        if (deal.latestPeriod != report.period) deal.latestPeriod = report.period;
        deal.accepted[report.period] = AcceptedReport({
            reportHash: reportHash,
            tapeCommitment: keccak256(abi.encode(report.tapeRoot, loans, closing)),
            acceptedAt: uint40(block.timestamp),
            poolClosing: uint64(uint256(closing)),
            loanCount: uint64(uint256(loans)),
            version: report.version,
            used: false
        });
    }

    function _setAttesters(
        DealReports storage deal,
        uint64 dealId,
        address[] calldata attesters,
        uint8 threshold
    ) private {
        require(
            attesters.length <= MAX_ATTESTERS,
            AttestersTooMany(attesters.length, MAX_ATTESTERS)
        );
        require(
            threshold != 0 && threshold <= attesters.length,
            ThresholdInvalid(threshold, attesters.length)
        );
        address[] storage last = deal.attesters;
        for (uint256 i = 0; i < last.length; ++i) delete deal.isAttester[last[i]];
        address previous = address(0);
        for (uint256 i = 0; i < attesters.length; ++i) {
            address attester = attesters[i];
            require(attester > previous, AttestersNotAscending(previous, attester));
            deal.isAttester[attester] = true;
            previous = attester;
        }
        deal.attesters = attesters;
        deal.threshold = threshold;
        emit AttestersSet(dealId, attesters, threshold);
    }

    function _authorizeUpgrade(address) internal override restricted {}

    /// @dev A constant costs no storage read and no initialisation that an upgrade could forget.
    function _EIP712Name() internal pure override returns (string memory) {
        return "Penstock";
    }

    function _EIP712Version() internal pure override returns (string memory) {
        return "1";
    }

    /// @dev EIP-712 hashStruct: an array of int256 is the hash of its concatenated words.
    function _hashOf(Report calldata report) private pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    REPORT_TYPEHASH,
                    report.dealId,
                    report.period,
                    report.version,
                    report.termsHash,
                    report.tapeRoot,
                    report.closeHash,
                    report.resultHash,
                    keccak256(abi.encodePacked(report.figures))
                )
            );
    }

    function _deal(uint64 dealId) private view returns (DealReports storage deal) {
        deal = _storage().deals[dealId];
        require(deal.code != address(0), DealUnknown(dealId));
    }

    /// @dev Zero and "never set" are different: a period without a report reverts.
    function _accepted(
        uint64 dealId,
        uint16 period
    ) private view returns (AcceptedReport storage accepted) {
        accepted = _deal(dealId).accepted[period];
        require(accepted.reportHash != bytes32(0), ReportUnknown(dealId, period));
    }

    function _storage() private pure returns (RegistryStorage storage $) {
        assembly ("memory-safe") {
            $.slot := STORAGE_LOCATION
        }
    }
}
