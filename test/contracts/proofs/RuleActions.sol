// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IComplianceRegistry} from "../../../contracts/interfaces/IComplianceRegistry.sol";
import {ICredentials} from "../../../contracts/interfaces/ICredentials.sol";
import {AgentMoves} from "./AgentMoves.sol";
import {VM} from "../Vm.sol";

/// @title Who is who, and what a class asks: wallets, credentials, rules of the classes.
abstract contract RuleActions is AgentMoves {
    uint256 private constant CREDENTIAL_KEY = 0x155E5;
    bytes32 private constant CREDENTIAL_TYPEHASH = keccak256(
        "Credential(bytes32 identityId,uint8 topic,uint16 value,uint40 validFrom,uint40 validUntil,bytes32 vcHash,uint8 epoch,address issuer)"
    );

    /// @notice The registrar and the wallet agree; without the wallet's word nothing is linked.
    function link(uint256 seed) external throwing(seed) {
        (uint256 w, uint256 to) = (_drawWallet(), _draw(IDENTITIES));
        // Back to where it belongs, so that not all wallets end up with one identity.
        if (_oneIn(2)) to = w % IDENTITIES;
        if (_draw(6) != 0) {
            VM.prank(wallets[w]);
            compliance.consentToLink(identityId(to));
        }
        (bytes32 agreed, ) = compliance.consentOf(wallets[w]);
        bool isAgreed = agreed == identityId(to) || identityOf[w] == to;
        VM.prank(REGISTRAR);
        try compliance.linkWallet(wallets[w], identityId(to), REASON) {
            require(isAgreed, "linked without consent");
            identityOf[w] = to;
            _count(Action.Link, true);
        } catch (bytes memory reason) {
            bool isCap = bytes4(reason) == IComplianceRegistry.HolderCapExceeded.selector;
            require(isCap || !isAgreed, "link refused");
            _count(Action.Link, false);
        }
    }

    function unlink(uint256 seed) external throwing(seed) {
        uint256 w = 5 + _draw(WALLETS - 5);
        bool holds = false;
        for (uint256 d = 1; d <= DEALS; d++) {
            for (uint256 c = 0; c < deals[d].classes; c++) {
                if (books[d][c].model.balanceOf(w) != 0) holds = true;
            }
        }
        VM.prank(REGISTRAR);
        try compliance.linkWallet(wallets[w], bytes32(0), REASON) {
            require(!holds, "left without an identity");
            identityOf[w] = NOBODY;
            _count(Action.Unlink, true);
        } catch {
            require(holds, "unlink refused");
            _count(Action.Unlink, false);
        }
    }

    function attest(uint256 seed) external throwing(seed) {
        bytes32 id = identityId(_draw(IDENTITIES));
        uint8 topic = uint8(1 + _draw(4));
        uint16 value =
            topic < 3
                ? 0
                : topic == 3
                    ? uint16(1 + _draw(3))
                    : uint16(840 - _draw(2));
        uint40 until = uint40(block.timestamp + 1 + _draw(200 days));
        if (_oneIn(3)) {
            VM.prank(REGISTRAR);
            compliance.setIdentity(id, until, value == 839 ? 839 : 840, REASON);
        } else if (_oneIn(2)) {
            VM.prank(REGISTRAR);
            compliance.setCredential(id, topic, value, until, REASON);
        } else {
            _submit(id, topic, value, until);
            return;
        }
        _count(Action.Attest, true);
    }

    /// @dev Signed by an issuer that is trusted when it is needed; refused only if one of the same second, or a revocation,
    ///  stands.
    function _submit(bytes32 id, uint8 topic, uint16 value, uint40 until) private {
        address issuer = VM.addr(CREDENTIAL_KEY);
        (, uint8 epoch) = compliance.issuerOf(issuer);
        if (epoch == 0) {
            VM.prank(REGISTRAR);
            compliance.setIssuer(issuer, 15, REASON);
            (, epoch) = compliance.issuerOf(issuer);
        }
        uint40 from = uint40(block.timestamp);
        ICredentials.Credential memory given = ICredentials.Credential(
            id,
            topic,
            value,
            from,
            until,
            REASON,
            epoch,
            issuer
        );
        bytes32 content = keccak256(abi.encode(CREDENTIAL_TYPEHASH, given));
        bytes32 digest = keccak256(
            abi.encodePacked(hex"1901", compliance.DOMAIN_SEPARATOR(), content)
        );
        bool isForged = _oneIn(8);
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(CREDENTIAL_KEY + (isForged ? 1 : 0), digest);
        try compliance.submitCredential(given, abi.encodePacked(r, s, v)) {
            require(!isForged, "forged credential taken");
            _count(Action.Attest, true);
        } catch (bytes memory reason) {
            bool isOld = bytes4(reason) == ICredentials.CredentialOutdated.selector;
            require(isForged || isOld, "credential refused");
            _count(Action.Attest, false);
        }
    }

    function revoke(uint256 seed) external throwing(seed) {
        address issuer = VM.addr(CREDENTIAL_KEY);
        (, uint8 epoch) = compliance.issuerOf(issuer);
        if (epoch != 0 && epoch < 200 && _oneIn(4)) {
            VM.prank(REGISTRAR);
            compliance.endIssuerEpoch(issuer, REASON);
        } else {
            VM.prank(issuer);
            compliance.revokeCredentials(
                identityId(_draw(IDENTITIES)),
                uint8(1 + _draw(4)),
                REASON
            );
        }
        _count(Action.Revoke, true);
    }

    function setRequirements(uint256 seed) external throwing(seed) {
        (uint256 d, uint256 c) = _drawClass();
        bool strict = _oneIn(4);
        uint8 topics = strict ? uint8(_draw(16)) : 1;
        address agent = _drawAgent();
        VM.prank(agent);
        try
            compliance.setRequirements(
                address(books[d][c].token),
                topics,
                strict ? uint8(_draw(3)) : 0,
                REASON
            )
        {
            require(agent == REGISTRAR, "rules set by a stranger");
            _count(Action.Require, true);
        } catch {
            require(agent != REGISTRAR, "rules refused");
            _count(Action.Require, false);
        }
    }

    function listCountry(uint256 seed) external throwing(seed) {
        (uint256 d, uint256 c) = _drawClass();
        address token = address(books[d][c].token);
        VM.prank(REGISTRAR);
        if (_oneIn(4)) compliance.setCountryListMeaning(token, _oneIn(4), REASON);
        else {
            compliance.setCountryListed(token, uint16(836 + _draw(10)), _oneIn(2), REASON);
        }
        _count(Action.Country, true);
    }

    function lockUp(uint256 seed) external throwing(seed) {
        (uint256 d, uint256 c) = _drawClass();
        IComplianceRegistry.Lockup memory lockup;
        if (_oneIn(2)) lockup.rule144Until = uint40(block.timestamp + _draw(10 days));
        else lockup.regSUntil = uint40(block.timestamp + _draw(20 days));
        bytes32 id = _oneIn(4) ? bytes32(0) : identityId(_draw(IDENTITIES));
        VM.prank(REGISTRAR);
        compliance.setLockup(address(books[d][c].token), id, lockup, REASON);
        _count(Action.Lockup, true);
    }

    function setVenue(uint256 seed) external throwing(seed) {
        uint256 i = _oneIn(2) ? VENUE : _draw(IDENTITIES);
        bool on = i == VENUE ? _draw(4) != 0 : _oneIn(6);
        VM.prank(REGISTRAR);
        compliance.setVenue(identityId(i), on, REASON);
        _count(Action.Venue, true);
    }

    function exempt(uint256 seed) external throwing(seed) {
        (uint256 d, uint256 i) = (_drawDeal(), _draw(IDENTITIES));
        bool on = i == 0 ? _draw(4) != 0 : _oneIn(6);
        VM.prank(REGISTRAR);
        compliance.setCapExempt(uint64(d), identityId(i), on, REASON);
        _count(Action.Exempt, true);
    }
}
