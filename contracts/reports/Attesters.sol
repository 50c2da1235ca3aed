// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IReportRegistry} from "../interfaces/IReportRegistry.sol";
import {IReportViews} from "../interfaces/IReportViews.sol";
import {ReportBooks} from "./ReportBooks.sol";
import {ReportingRules} from "./ReportingRules.sol";

/// @title Who signs a deal's reports, and who takes over.
abstract contract Attesters is ReportBooks {
    /// @dev An attester set is read one slot a signer; the cap only bounds its replacement.
    uint256 private constant MAX_ATTESTERS = 32;

    /// @inheritdoc IReportRegistry
    function setAttesters(
        uint64 dealId,
        address[] calldata attesters,
        uint8 threshold
    ) external restricted {
        _setAttesters(_deal(dealId), dealId, attesters, threshold);
    }

    /// @inheritdoc IReportRegistry
    function setSuccessors(
        uint64 dealId,
        address[] calldata successors,
        uint8 threshold
    ) external restricted {
        _setSuccessors(_deal(dealId), dealId, successors, threshold);
    }

    /// @inheritdoc IReportViews
    function attestersOf(
        uint64 dealId
    ) external view returns (address[] memory attesters, uint8 threshold) {
        DealReports storage deal = _deal(dealId);
        return (deal.attesters, deal.threshold);
    }

    /// @inheritdoc IReportViews
    function successorsOf(
        uint64 dealId
    ) external view returns (address[] memory successors, uint8 threshold) {
        DealReports storage deal = _deal(dealId);
        return (deal.successors, deal.successorThreshold);
    }

    /// @inheritdoc IReportViews
    function requireSigned(
        uint64 dealId,
        bytes32 digest,
        address[] calldata signers,
        bytes[] calldata signatures
    ) external view {
        _requireSigned(_deal(dealId), digest, signers, signatures);
    }

    /// @dev Order is what makes a signer count once.
    function _requireSigned(
        DealReports storage deal,
        bytes32 digest,
        address[] calldata signers,
        bytes[] calldata signatures
    ) internal view {
        uint256 count = signers.length;
        if (count != signatures.length) revert SignatureCountMismatch(count, signatures.length);
        uint256 threshold = deal.threshold;
        if (count < threshold) revert SignaturesTooFew(count, threshold);
        address previous = address(0);
        for (uint256 i = 0; i < count; ++i) {
            address signer = signers[i];
            if (signer <= previous) revert SignersNotAscending(previous, signer);
            if (!deal.isAttester[signer]) revert SignerNotAttester(signer);
            _requireSignature(signer, digest, signatures[i]);
            previous = signer;
        }
    }

    function _requireSignature(
        address signer,
        bytes32 digest,
        bytes calldata signature
    ) internal view {
        if (!SignatureChecker.isValidSignatureNowCalldata(signer, digest, signature)) {
            revert SignatureInvalid(signer);
        }
    }

    function _setAttesters(
        DealReports storage deal,
        uint64 dealId,
        address[] memory attesters,
        uint8 threshold
    ) internal {
        _requireSound(attesters, threshold);
        address[] storage last = deal.attesters;
        for (uint256 i = 0; i < last.length; ++i) delete deal.isAttester[last[i]];
        for (uint256 i = 0; i < attesters.length; ++i) deal.isAttester[attesters[i]] = true;
        deal.attesters = attesters;
        deal.threshold = threshold;
        emit AttestersSet(dealId, attesters, threshold);
    }

    /// @dev A deal that hands over always has somebody to hand over to: a default can never fail for want of successors.
    function _setSuccessors(
        DealReports storage deal,
        uint64 dealId,
        address[] calldata successors,
        uint8 threshold
    ) internal {
        if (successors.length != 0 || threshold != 0) _requireSound(successors, threshold);
        else if (ReportingRules.handsOver(deal.code)) revert SuccessorsMissing(dealId);
        deal.successors = successors;
        deal.successorThreshold = threshold;
        emit SuccessorsSet(dealId, successors, threshold);
    }

    function _requireSound(address[] memory attesters, uint256 threshold) private pure {
        uint256 count = attesters.length;
        require(count <= MAX_ATTESTERS, AttestersTooMany(count, MAX_ATTESTERS));
        require(threshold != 0 && threshold <= count, ThresholdInvalid(threshold, count));
        address previous = address(0);
        for (uint256 i = 0; i < count; ++i) {
            address attester = attesters[i];
            require(attester > previous, AttestersNotAscending(previous, attester));
            previous = attester;
        }
    }
}
