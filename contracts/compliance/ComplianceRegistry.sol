// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {DealTerms} from "../deals/DealTerms.sol";
import {IComplianceRegistry} from "../interfaces/IComplianceRegistry.sol";
import {HolderCap} from "./HolderCap.sol";
import {ClassWord, RegistryWords} from "./RegistryWords.sol";
import {WalletLinks} from "./WalletLinks.sol";

/// @title Who may hold what (see IComplianceRegistry): the deals, the books by identity, and the calls of the tokens.
/// @dev Enforcement and the views take one path, `_assess`. The links to factory and distributor stand in the code, which is
///  cheaper than asking the role book; people act through the AccessManager.
contract ComplianceRegistry is WalletLinks, UUPSUpgradeable {
    using HolderCap for HolderCap.Book;

    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    address private immutable FACTORY;
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    address private immutable DISTRIBUTOR;

    /// @param factory DealFactory, which registers deals
    /// @param distributor WaterfallDistributor, which reports balances
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(address factory, address distributor) {
        (FACTORY, DISTRIBUTOR) = (factory, distributor);
        _disableInitializers();
    }

    /// @notice Sets up a new proxy.
    /// @param authority AccessManager
    function initialize(address authority) external initializer {
        __AccessManaged_init(authority);
    }

    /// @inheritdoc IComplianceRegistry
    function onTransfer(address from, address to, uint256 amount) external {
        _book(from, to, amount);
    }

    /// @inheritdoc IComplianceRegistry
    function onForcedTransfer(address from, address to, uint256 amount) external {
        _book(from, to, amount);
    }

    /// @inheritdoc IComplianceRegistry
    function canTransfer(
        address token,
        address from,
        address to,
        uint256 amount
    ) external view returns (bool ok, bytes4 reason) {
        reason = _assess(token, from, to, amount).reason;
        ok = reason == 0;
    }

    /// @inheritdoc IComplianceRegistry
    function canSend(address account) external view returns (bool) {
        return _senderRefusal(_wordOf(account), false) == 0;
    }

    /// @inheritdoc IComplianceRegistry
    function canReceive(address token, address account) external view returns (bool) {
        ClassWord class = _layout().classes[token];
        return !class.isUnknown() && _receiverRefusal(class, token, _wordOf(account)) == 0;
    }

    /// @inheritdoc IComplianceRegistry
    function registerDeal(uint64 dealId, address code, address[] calldata tokens) external {
        Layout storage $ = _layout();
        if (msg.sender != FACTORY) revert FactoryOnly(msg.sender);
        if ($.deals[dealId].code != address(0)) revert DealAlreadyRegistered(dealId);
        (uint64[] memory faces, uint256 capBps) = _capTerms(code);
        if (tokens.length != faces.length) revert ClassCountMismatch(tokens.length, faces.length);
        $.deals[dealId].code = code;
        $.deals[dealId].tokens = tokens;
        $.dealIds.push(dealId);
        for (uint256 c = 0; c < tokens.length; c++) {
            if (!$.classes[tokens[c]].isUnknown()) revert TokenAlreadyRegistered(tokens[c]);
            $.classes[tokens[c]] = RegistryWords.newClass(dealId, c, tokens.length, KYC);
        }
        $.books[dealId].setValuation(faces, faces, capBps);
    }

    /// @inheritdoc IComplianceRegistry
    function setBalances(uint64 dealId, address code, uint64[] calldata balances) external {
        if (msg.sender != DISTRIBUTOR) revert DistributorOnly(msg.sender);
        (uint64[] memory faces, uint256 capBps) = _capTerms(code);
        if (balances.length != faces.length)
            revert ClassCountMismatch(balances.length, faces.length);
        _layout().books[dealId].setValuation(balances, faces, capBps);
    }

    /// @inheritdoc IComplianceRegistry
    function setCapExempt(
        uint64 dealId,
        bytes32 identityId,
        bool exempt,
        bytes32 reason
    ) external restricted {
        if (_layout().deals[dealId].code == address(0)) revert DealUnknown(dealId);
        _knownIdentity(identityId);
        _layout().books[dealId].setExempt(identityId, exempt);
        emit CapExemptSet(dealId, identityId, exempt);
        _acted(reason);
    }

    /// @inheritdoc IComplianceRegistry
    function holdingOf(
        uint64 dealId,
        bytes32 identityId
    ) external view returns (uint64[] memory faces) {
        Layout storage $ = _layout();
        faces = new uint64[]($.deals[dealId].tokens.length);
        for (uint256 c = 0; c < faces.length; c++)
            faces[c] = uint64($.books[dealId].faceOf(identityId, c));
    }

    /// @inheritdoc IComplianceRegistry
    function principalHeldBy(
        uint64 dealId,
        bytes32 identityId
    ) external view returns (uint256 principal, uint256 limit) {
        Layout storage $ = _layout();
        limit = $.books[dealId].limit();
        uint256 classCount = $.deals[dealId].tokens.length;
        principal = $.books[dealId].principalWith(identityId, classCount, 0, 0);
    }

    /// @inheritdoc IComplianceRegistry
    function isCapExempt(uint64 dealId, bytes32 identityId) external view returns (bool) {
        return _layout().books[dealId].isExempt(identityId);
    }

    function _book(address from, address to, uint256 amount) private {
        Finding memory found = _assess(msg.sender, from, to, amount);
        if (found.reason != 0) _refuse(found, msg.sender, from, to);
        if (found.fromId == found.toId) return;
        HolderCap.Book storage book = _layout().books[found.class.dealId()];
        uint256 index = found.class.classIndex();
        if (from != address(0)) book.subtract(found.fromId, index, amount);
        book.add(found.toId, index, amount);
    }

    /// @dev Original faces and holder cap, without decoding the whole header: this runs in every distribution.
    function _capTerms(address code) private view returns (uint64[] memory faces, uint256 capBps) {
        (uint256 a, uint256 b, ) = DealTerms.headerWords(code);
        faces = new uint64[](uint8(a >> 240));
        uint256 offset = uint16(a >> 96);
        assembly ("memory-safe") {
            // A class is one word of the terms with its face on top, behind the code's leading STOP byte.
            let place := add(faces, 32)
            let end := add(place, shl(5, mload(faces)))
            extcodecopy(code, place, add(offset, 1), sub(end, place))
            for {} lt(place, end) {
                place := add(place, 32)
            } {
                mstore(place, shr(192, mload(place)))
            }
        }
        capBps = uint16(b >> 88);
    }

    function _authorizeUpgrade(address) internal override restricted {}
}
