// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IComplianceRegistry} from "../interfaces/IComplianceRegistry.sol";
import {HolderCap} from "./HolderCap.sol";
import {ClassWord} from "./RegistryWords.sol";
import {TransferRules} from "./TransferRules.sol";

/// @title Which wallet belongs to which identity: two must agree, the registrar and the wallet.
abstract contract WalletLinks is TransferRules {
    using HolderCap for HolderCap.Book;

    bytes32 private constant LINK_TYPEHASH = keccak256(
        "WalletLink(address wallet,bytes32 identityId,uint256 nonce,uint256 deadline)"
    );

    /// @inheritdoc IComplianceRegistry
    function consentToLink(bytes32 identityId) external {
        Consent storage consent = _layout().consents[msg.sender];
        consent.identityId = identityId;
        ++consent.nonce;
        emit WalletConsented(msg.sender, identityId);
    }

    /// @inheritdoc IComplianceRegistry
    function linkWallet(address wallet, bytes32 identityId, bytes32 reason) external restricted {
        if (!_needsNoConsent(wallet, identityId)) {
            if (_layout().consents[wallet].identityId != identityId)
                revert ConsentMissing(wallet, identityId);
        }
        _link(wallet, identityId, reason);
    }

    /// @inheritdoc IComplianceRegistry
    function linkWalletBySignature(
        address wallet,
        bytes32 identityId,
        uint256 deadline,
        bytes calldata signature,
        bytes32 reason
    ) external restricted {
        if (block.timestamp > deadline) revert ConsentExpired(deadline);
        uint256 nonce = _layout().consents[wallet].nonce;
        bytes32 hash = keccak256(abi.encode(LINK_TYPEHASH, wallet, identityId, nonce, deadline));
        if (!_isSigned(wallet, hash, signature)) revert ConsentMissing(wallet, identityId);
        _link(wallet, identityId, reason);
    }

    /// @inheritdoc IComplianceRegistry
    function consentOf(address wallet) external view returns (bytes32 identityId, uint256 nonce) {
        Consent storage consent = _layout().consents[wallet];
        return (consent.identityId, consent.nonce);
    }

    /// @dev An empty wallet may be let go, whoever holds its key; and a contract that is to be a venue can say nothing: it
    ///  becomes nobody's, and is taken from nobody.
    function _needsNoConsent(address wallet, bytes32 identityId) private view returns (bool) {
        bytes32 linked = _layout().identityOf[wallet];
        if (identityId == 0 || wallet == msg.sender || linked == identityId) return true;
        if (wallet.code.length == 0 || linked != 0) return false;
        return _layout().identities[identityId].isVenue();
    }

    function _link(address wallet, bytes32 identityId, bytes32 reason) private {
        Layout storage $ = _layout();
        if (identityId != 0) _knownIdentity(identityId);
        bytes32 previous = $.identityOf[wallet];
        if (previous == identityId) return;
        if (previous != 0) _moveHoldings(wallet, previous, identityId);
        $.identityOf[wallet] = identityId;
        // Used up, and with it whatever the wallet has signed before.
        $.consents[wallet] = Consent(0, $.consents[wallet].nonce + 1);
        emit WalletLinked(wallet, identityId, previous);
        _acted(reason);
    }

    /// @dev Moves what a wallet holds from one identity's books to another's, deal by deal. Only deals in which the old
    ///  identity holds a class are asked, so that the cost is one load for each other deal.
    function _moveHoldings(address wallet, bytes32 previous, bytes32 next) private {
        Layout storage $ = _layout();
        for (uint256 i = 0; i < $.dealIds.length; i++) {
            uint64 dealId = $.dealIds[i];
            HolderCap.Book storage book = $.books[dealId];
            address[] storage tokens = $.deals[dealId].tokens;
            for (uint256 c = 0; c < tokens.length; c++) {
                if (book.faceOf(previous, c) == 0) continue;
                uint256 face = IERC20(tokens[c]).balanceOf(wallet);
                if (face == 0) continue;
                if (next == 0) revert WalletHoldsNotes(wallet, dealId);
                if (!$.identities[next].isVenue()) {
                    ClassWord class = $.classes[tokens[c]];
                    (bytes4 reason, uint256 principal) = _capRefusal(class, next, face);
                    if (reason != 0) _refuseCap(reason, class, next, principal);
                }
                book.subtract(previous, c, face);
                book.add(next, c, face);
            }
        }
    }
}
