// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IComplianceRegistry} from "../../../contracts/interfaces/IComplianceRegistry.sol";
import {ICredentials} from "../../../contracts/interfaces/ICredentials.sol";
import {MockVenue} from "../../../contracts/mocks/MockVenue.sol";
import {TrancheSetup} from "./TrancheSetup.sol";
import {VM} from "../Vm.sol";

/// @title Random changes of everything that the rules of transfers read: freezes, pauses, credentials, issuers, rules.
abstract contract ComplianceActions is TrancheSetup {
    uint256 public constant WALLETS = 7;
    uint256 public constant IDENTITIES = 4;
    uint256 public constant CLASSES = 2;
    bytes32 internal constant REASON = "test";
    uint256 private constant ISSUER_KEY = 0x155e5;
    bytes32 private constant CREDENTIAL_TYPEHASH = keccak256(
        "Credential(bytes32 identityId,uint8 topic,uint16 value,uint40 validFrom,uint40 validUntil,bytes32 vcHash,uint8 epoch,address issuer)"
    );

    address[] public wallets;
    uint256[] public identityOf;
    MockVenue[2] private venues;
    uint64[] private originalFaces;
    uint64[] internal classBalances;

    function identityId(uint256 index) public pure returns (bytes32) {
        return bytes32(index + 1);
    }

    /// @dev Runs an action and looks that it has lifted nobody over the cap, or further above it, venues included; and
    ///  nobody at all while a venue doesn't say what it holds.
    modifier capped() {
        uint256[IDENTITIES] memory before;
        for (uint256 i = 0; i < IDENTITIES; i++) before[i] = worthOf(i, false);
        _;
        (, uint256 limit) = compliance.principalHeldBy(DEAL, identityId(0));
        for (uint256 i = 0; i < IDENTITIES; i++) {
            if (worthOf(i, false) <= before[i] || isUncapped(i)) continue;
            require(allAnswer(), "more, but a venue was silent");
            require(worthOf(i, true) <= limit, "cap exceeded");
        }
    }

    /// @dev Two venues that the deal looks through; what they say is drawn by `venue`.
    function deployVenues(uint64[] memory faces) internal {
        (originalFaces, classBalances) = (faces, faces);
        bytes32 id = identityId(IDENTITIES);
        compliance.setCredential(id, 1, 0, 1, REASON);
        compliance.setVenue(id, true, REASON);
        for (uint256 v = 0; v < venues.length; v++) {
            venues[v] = new MockVenue();
            compliance.linkWallet(address(venues[v]), id, REASON);
            compliance.setDealVenue(DEAL, address(venues[v]), true, REASON);
        }
    }

    /// @dev A venue lies, falls silent, burns its gas or answers garbage; is taken off the list, or put on it again.
    function venue(uint256 which, uint256 who, uint256 seed) external {
        MockVenue one = venues[which % venues.length];
        uint256 kind = seed % 8;
        // Mostly it answers: else nobody could ever hold more.
        if (kind < 3) one.setMood(MockVenue.Mood((seed >> 8) % 12 < 6 ? (seed >> 8) % 6 : 0));
        else if (kind < 7)
            one.tell(
                address(tokens[(seed >> 8) % CLASSES]),
                identityId(who % IDENTITIES),
                (seed >> 16) % 400_000
            );
        else compliance.setDealVenue(DEAL, address(one), (seed >> 8) % 3 != 0, REASON);
    }

    function freeze(uint256 c, uint256 who, uint256 seed) external {
        (c, who) = (c % CLASSES, who % WALLETS);
        uint256 kind = seed % 8;
        bool on = (seed >> 8) % 3 == 0;
        if (kind < 2) tokens[c].setAddressFrozen(wallets[who], on);
        else if (kind < 4) tokens[c].setFrozenTokens(wallets[who], on ? (seed >> 16) % 600_000 : 0);
        else if (kind < 6) compliance.setIdentityFrozen(identityId(who % IDENTITIES), on, REASON);
        else if (on && !tokens[c].paused()) tokens[c].pause();
        else if (tokens[c].paused()) tokens[c].unpause();
    }

    function rule(uint256 c, uint256 who, uint256 seed) external {
        address token = address(tokens[c % CLASSES]);
        bytes32 id = identityId(who % IDENTITIES);
        uint256 kind = seed % 8;
        bool on = (seed >> 8) % 3 == 0;
        if (kind < 2) compliance.setCountryListed(token, 643, on, REASON);
        else if (kind < 3) compliance.setCountryListMeaning(token, on && kind % 5 == 0, REASON);
        else if (kind < 5)
            compliance.setRequirements(
                token,
                on ? uint8((seed >> 16) % 16) : 1,
                on ? 1 : 0,
                REASON
            );
        else if (kind < 7) {
            uint40 until = uint40(block.timestamp + ((seed >> 16) % 20 days));
            compliance.setLockup(
                token,
                on ? bytes32(0) : id,
                IComplianceRegistry.Lockup(kind == 5 ? until : 0, kind == 6 ? until : 0),
                REASON
            );
        } else compliance.setVenue(id, on, REASON);
    }

    function attest(uint256 who, uint256 seed) external {
        bytes32 id = identityId(who % IDENTITIES);
        uint8 topic = uint8(1 + ((seed >> 8) % 4));
        uint16 value =
            topic == 3
                ? uint16(1 + ((seed >> 16) % 2))
                : topic == 4
                    ? 643
                    : 0;
        uint40 until = uint40(block.timestamp + ((seed >> 24) % 60 days) + 1);
        address issuer = VM.addr(ISSUER_KEY);
        (, uint8 epoch) = compliance.issuerOf(issuer);
        if (seed % 8 < 3) compliance.setIdentity(id, until, 840, REASON);
        else if (seed % 8 < 4) compliance.setCredential(id, topic, value, until, REASON);
        else if (epoch == 0) compliance.setIssuer(issuer, 15, REASON);
        else if (seed % 64 == 7) compliance.endIssuerEpoch(issuer, REASON);
        else if (seed % 64 == 15) {
            VM.prank(issuer);
            compliance.revokeCredentials(id, topic, REASON);
        } else
            submit(
                ICredentials.Credential(
                    id,
                    topic,
                    value,
                    uint40(block.timestamp),
                    until,
                    REASON,
                    epoch,
                    issuer
                )
            );
    }

    /// @dev Refused only if one of the same second, or a revocation, stands.
    function submit(ICredentials.Credential memory credential) private {
        bytes32 digest = keccak256(
            abi.encodePacked(
                hex"1901",
                compliance.DOMAIN_SEPARATOR(),
                keccak256(abi.encode(CREDENTIAL_TYPEHASH, credential))
            )
        );
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(ISSUER_KEY, digest);
        try compliance.submitCredential(credential, abi.encodePacked(r, s, v)) {
            (, , uint40 until) = compliance.credentialOf(credential.identityId, credential.topic);
            require(until == credential.validUntil, "credential not stored");
        } catch (bytes memory reason) {
            require(
                bytes4(reason) == ICredentials.CredentialOutdated.selector,
                "credential refused"
            );
        }
    }

    /// @dev A wallet agrees to be linked to an identity.
    function consent(uint256 who, uint256 index) internal {
        VM.prank(wallets[who]);
        compliance.consentToLink(identityId(index));
    }

    function isUncapped(uint256 index) internal view returns (bool) {
        bytes32 id = identityId(index);
        return compliance.isCapExempt(DEAL, id) || compliance.identity(id).venue;
    }

    /// @dev What an identity holds, in its wallets alone or by way of the listed venues too, in cents of current principal:
    ///  of the registry's bookings and of what the venues were told to say, by arithmetic of its own.
    function worthOf(uint256 index, bool withVenues) private view returns (uint256 sum) {
        uint64[] memory held = compliance.holdingOf(DEAL, identityId(index));
        for (uint256 c = 0; c < CLASSES; c++) {
            uint256 face = held[c];
            for (uint256 v = 0; v < venues.length && withVenues; v++)
                if (isListed(venues[v]))
                    face += venues[v].told(address(tokens[c]), identityId(index));
            uint256 factor =
                (uint256(classBalances[c]) * 1e18 + originalFaces[c] - 1) / originalFaces[c];
            sum += face * factor;
        }
        sum /= 1e18;
    }

    function allAnswer() private view returns (bool) {
        for (uint256 v = 0; v < venues.length; v++)
            if (isListed(venues[v]) && venues[v].mood() != MockVenue.Mood.Answers) return false;
        return true;
    }

    function isListed(MockVenue one) private view returns (bool) {
        address[4] memory listed = compliance.venuesOf(DEAL);
        for (uint256 i = 0; i < 4; i++) if (listed[i] == address(one)) return true;
        return false;
    }
}
