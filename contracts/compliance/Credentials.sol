// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {IComplianceRegistry} from "../interfaces/IComplianceRegistry.sol";
import {ICredentials} from "../interfaces/ICredentials.sol";
import {HolderCap} from "./HolderCap.sol";
import {ClassWord, IdentityWord} from "./RegistryWords.sol";

/// @title The registry's storage, and what is known of identities (see ICredentials).
/// @dev Every epoch of every issuer has a number of its own, and one word says which of them run: that voids what an issuer
///  ever signed with one write. What the registrar sets has epoch 0 and is read without that word.
abstract contract Credentials is IComplianceRegistry, AccessManagedUpgradeable {
    uint256 internal constant KYC = 1;
    uint256 internal constant AML = 2;
    uint256 internal constant ACCREDITATION = 3;
    uint256 internal constant COUNTRY = 4;
    uint256 internal constant MAX_INVESTOR_CLASS = 15;

    bytes32 private constant DOMAIN_TYPEHASH = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );
    bytes32 private constant CREDENTIAL_TYPEHASH = keccak256(
        "Credential(bytes32 identityId,uint8 topic,uint16 value,uint40 validFrom,uint40 validUntil,bytes32 vcHash,uint8 epoch,address issuer)"
    );

    /// @dev Where the credential in force of a topic comes from; issuer zero: the registrar.
    struct Source {
        address issuer;
        uint40 validFrom;
    }

    /// @dev An issuer's trusted topics and its running epoch, 0 if none runs.
    struct Issuer {
        uint8 topics;
        uint8 epoch;
    }

    /// @dev venues: those that the cap looks through, zero in a free place.
    struct Deal {
        address code;
        address[] tokens;
        address[4] venues;
    }

    /// @dev What a wallet has said itself: the identity that it may be linked to, zero if none; and how often it has
    ///  said so or was linked, so that no signature counts twice.
    struct Consent {
        bytes32 identityId;
        uint256 nonce;
    }

    /// @dev listedCountries: bit country % 256 of word country / 256. runningEpochs: bit n for epoch n.
    /// @custom:storage-location erc7201:penstock.storage.ComplianceRegistry
    struct Layout {
        mapping(address wallet => bytes32) identityOf;
        mapping(bytes32 identityId => IdentityWord) identities;
        mapping(address token => ClassWord) classes;
        mapping(uint256 dealId => HolderCap.Book) books;
        mapping(uint64 dealId => Deal) deals;
        uint64[] dealIds;
        uint256 runningEpochs;
        uint8 lastEpoch;
        mapping(address issuer => Issuer) issuers;
        mapping(bytes32 identityId => mapping(uint256 topic => Source)) sources;
        mapping(address issuer => mapping(bytes32 identityId => mapping(uint256 topic => uint40))) revokedAt;
        mapping(address token => mapping(uint256 word => uint256)) listedCountries;
        mapping(address token => mapping(bytes32 identityId => Lockup)) lockups;
        mapping(address wallet => Consent) consents;
    }

    // keccak256(abi.encode(uint256(keccak256("penstock.storage.ComplianceRegistry")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant LAYOUT_SLOT =
        0x864969e5c34fd48e772765a5e70ac1ba9a0a45338e4a179ad8f382432be0da00;

    // ------------------------------------------------------------------ credentials

    /// @inheritdoc ICredentials
    function submitCredential(Credential calldata given, bytes calldata signature) external {
        _requireValue(given.topic, given.value);
        Issuer memory issuer = _layout().issuers[given.issuer];
        if (
            issuer.epoch == 0 ||
            issuer.epoch != given.epoch ||
            issuer.topics & (1 << (given.topic - 1)) == 0
        ) revert IssuerNotTrusted(given.issuer, given.topic, given.epoch);
        if (block.timestamp < given.validFrom || block.timestamp >= given.validUntil)
            revert CredentialNotInForce(given.validFrom, given.validUntil);
        uint40 last = _layout().sources[given.identityId][given.topic].validFrom;
        uint40 revoked = _layout().revokedAt[given.issuer][given.identityId][given.topic];
        if (revoked > last) last = revoked;
        if (given.validFrom <= last) revert CredentialOutdated(given.validFrom, last);
        bytes32 hash = keccak256(abi.encode(CREDENTIAL_TYPEHASH, given));
        if (!_isSigned(given.issuer, hash, signature))
            revert CredentialSignatureInvalid(given.issuer);
        _store(given);
    }

    /// @inheritdoc ICredentials
    function revokeCredentials(bytes32 identityId, uint8 topic, bytes32 reason) external {
        _requireTopic(topic);
        Layout storage $ = _layout();
        $.revokedAt[msg.sender][identityId][topic] = uint40(block.timestamp);
        if ($.sources[identityId][topic].issuer == msg.sender) {
            IdentityWord word = $.identities[identityId];
            $.identities[identityId] = word.withCredential(topic, 0, word.epoch(topic));
        }
        emit CredentialsRevoked(identityId, topic, msg.sender, reason);
    }

    /// @inheritdoc ICredentials
    function setCredential(
        bytes32 identityId,
        uint8 topic,
        uint16 value,
        uint40 validUntil,
        bytes32 reason
    ) external restricted {
        _requireValue(topic, value);
        _storeOwn(identityId, topic, value, validUntil);
        _acted(reason);
    }

    /// @inheritdoc ICredentials
    function setIdentity(
        bytes32 identityId,
        uint40 kycExpiry,
        uint16 country,
        bytes32 reason
    ) external restricted {
        _storeOwn(identityId, uint8(KYC), 0, kycExpiry);
        _storeOwn(identityId, uint8(COUNTRY), country, kycExpiry);
        _acted(reason);
    }

    /// @inheritdoc ICredentials
    function DOMAIN_SEPARATOR() public view returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    DOMAIN_TYPEHASH,
                    keccak256("Penstock compliance"),
                    keccak256("1"),
                    block.chainid,
                    address(this)
                )
            );
    }

    // ------------------------------------------------------------------ issuers

    /// @inheritdoc ICredentials
    function setIssuer(address issuer, uint8 topics, bytes32 reason) external restricted {
        Layout storage $ = _layout();
        if (topics == 0 || topics > 0xf) revert TopicUnknown(topics);
        uint8 epoch = $.issuers[issuer].epoch;
        if (epoch == 0) {
            if ($.lastEpoch == type(uint8).max) revert EpochsUsedUp();
            epoch = ++$.lastEpoch;
            $.runningEpochs |= 1 << epoch;
        }
        $.issuers[issuer] = Issuer(topics, epoch);
        emit IssuerSet(issuer, topics, epoch);
        _acted(reason);
    }

    /// @inheritdoc ICredentials
    function endIssuerEpoch(address issuer, bytes32 reason) external {
        if (msg.sender != issuer) _checkCanCall(msg.sender, msg.data);
        Layout storage $ = _layout();
        uint8 epoch = $.issuers[issuer].epoch;
        if (epoch == 0) revert IssuerUnknown(issuer);
        delete $.issuers[issuer];
        $.runningEpochs &= ~(1 << epoch);
        emit IssuerEpochEnded(issuer, epoch);
        _acted(reason);
    }

    // ------------------------------------------------------------------ identities

    /// @inheritdoc ICredentials
    function setIdentityFrozen(
        bytes32 identityId,
        bool frozen,
        bytes32 reason
    ) external restricted {
        _layout().identities[identityId] = _knownIdentity(identityId).withFrozen(frozen);
        emit IdentityFreezeSet(identityId, frozen);
        _acted(reason);
    }

    /// @inheritdoc ICredentials
    function setVenue(bytes32 identityId, bool venue, bytes32 reason) external restricted {
        _layout().identities[identityId] = _knownIdentity(identityId).withVenue(venue);
        emit VenueSet(identityId, venue);
        _acted(reason);
    }

    /// @inheritdoc ICredentials
    function identity(bytes32 identityId) external view returns (Identity memory) {
        IdentityWord word = _layout().identities[identityId];
        return
            Identity({
                kycExpiry: _validUntil(word, KYC),
                amlExpiry: _validUntil(word, AML),
                accreditationExpiry: _validUntil(word, ACCREDITATION),
                countryExpiry: _validUntil(word, COUNTRY),
                country: uint16(word.country()),
                investorClass: uint8(word.investorClass()),
                frozen: word.isFrozen(),
                known: word.isKnown(),
                venue: word.isVenue()
            });
    }

    /// @inheritdoc ICredentials
    function credentialOf(
        bytes32 identityId,
        uint8 topic
    ) external view returns (address issuer, uint40 validFrom, uint40 validUntil) {
        _requireTopic(topic);
        Source memory source = _layout().sources[identityId][topic];
        validUntil = _validUntil(_layout().identities[identityId], topic);
        return (source.issuer, source.validFrom, validUntil);
    }

    /// @inheritdoc ICredentials
    function issuerOf(address issuer) external view returns (uint8 topics, uint8 epoch) {
        Issuer memory found = _layout().issuers[issuer];
        return (found.topics, found.epoch);
    }

    /// @inheritdoc ICredentials
    function identityOf(address wallet) external view returns (bytes32) {
        return _layout().identityOf[wallet];
    }

    /// @inheritdoc ICredentials
    function isVerified(address wallet) external view returns (bool) {
        IdentityWord word = _wordOf(wallet);
        return word.isActive() && _isValid(word, KYC);
    }

    /// @inheritdoc ICredentials
    function investorCountry(address wallet) external view returns (uint16) {
        return uint16(_wordOf(wallet).country());
    }

    // ------------------------------------------------------------------ inside

    /// @dev Whether the topic's credential counts now.
    function _isValid(IdentityWord word, uint256 topic) internal view returns (bool) {
        if (block.timestamp >= word.expiry(topic)) return false;
        uint256 epoch = word.epoch(topic);
        return epoch == 0 || (_layout().runningEpochs >> epoch) & 1 != 0;
    }

    /// @dev The topic's expiry; 0 if its issuer's epoch has ended.
    function _validUntil(IdentityWord word, uint256 topic) private view returns (uint40) {
        uint256 epoch = word.epoch(topic);
        bool runs = epoch == 0 || (_layout().runningEpochs >> epoch) & 1 != 0;
        return runs ? uint40(word.expiry(topic)) : 0;
    }

    function _wordOf(address wallet) internal view returns (IdentityWord) {
        return _layout().identities[_layout().identityOf[wallet]];
    }

    function _knownIdentity(bytes32 identityId) internal view returns (IdentityWord word) {
        word = _layout().identities[identityId];
        if (!word.isKnown()) revert IdentityNotSet(identityId);
    }

    /// @dev Whether `signer` has signed the struct (EIP-712; ERC-1271 for contracts).
    function _isSigned(
        address signer,
        bytes32 structHash,
        bytes calldata signature
    ) internal view returns (bool) {
        bytes32 digest = MessageHashUtils.toTypedDataHash(DOMAIN_SEPARATOR(), structHash);
        return SignatureChecker.isValidSignatureNow(signer, digest, signature);
    }

    /// @dev Says who did what by which role.
    function _acted(bytes32 reason) internal {
        uint64 role = IAccessManager(authority()).getTargetFunctionRole(address(this), msg.sig);
        emit Acted(msg.sig, msg.sender, role, reason);
    }

    /// @dev By the registrar's word: without issuer and epoch, from now on.
    function _storeOwn(bytes32 identityId, uint8 topic, uint16 value, uint40 validUntil) private {
        uint40 validFrom = uint40(block.timestamp);
        _store(Credential(identityId, topic, value, validFrom, validUntil, 0, 0, address(0)));
    }

    function _store(Credential memory given) private {
        bytes32 identityId = given.identityId;
        if (identityId == 0) revert IdentityNotSet(identityId);
        Layout storage $ = _layout();
        IdentityWord word = $.identities[identityId].withCredential(
            given.topic,
            given.validUntil,
            given.epoch
        );
        if (given.topic == COUNTRY) word = word.withCountry(given.value);
        if (given.topic == ACCREDITATION) word = word.withInvestorClass(given.value);
        $.identities[identityId] = word;
        $.sources[identityId][given.topic] = Source(given.issuer, given.validFrom);
        emit CredentialSet(
            identityId,
            given.topic,
            given.issuer,
            given.value,
            given.validFrom,
            given.validUntil,
            given.vcHash
        );
    }

    function _requireTopic(uint8 topic) private pure {
        if (topic < KYC || topic > COUNTRY) revert TopicUnknown(topic);
    }

    function _requireValue(uint8 topic, uint16 value) private pure {
        _requireTopic(topic);
        bool isClass = value != 0 && value <= MAX_INVESTOR_CLASS;
        if (topic == ACCREDITATION ? !isClass : topic != COUNTRY && value != 0)
            revert CredentialValueInvalid(topic, value);
    }

    function _layout() internal pure returns (Layout storage $) {
        bytes32 slot = LAYOUT_SLOT;
        assembly ("memory-safe") {
            $.slot := slot
        }
    }
}
