// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Who is behind a wallet, and who says so.
/// @notice Many wallets belong to one opaque identity: random or salted, no personal data. What is known of it are
///  credentials of four topics: 1 KYC, 2 AML, 3 accreditation (value: investor class, 1 accredited investor, 2 qualified
///  institutional buyer, 3 to 15 as the issuers agree), 4 country (value: ISO 3166-1 numeric). A trusted issuer signs
///  them off chain and anyone submits them; the registrar may set them itself. The newest by `validFrom` is in force.
interface ICredentials {
    /// @notice What an issuer signs (EIP-712; domain "Penstock compliance", version "1").
    /// @param value investor class or country; 0 for the other topics
    /// @param validFrom also the order: a later one takes an earlier one's place, never the other way round
    /// @param validUntil first second in which it is no longer valid
    /// @param vcHash hash of the verifiable credential that it stands for
    /// @param epoch the issuer's epoch when it signed
    struct Credential {
        bytes32 identityId;
        uint8 topic;
        uint16 value;
        uint40 validFrom;
        uint40 validUntil;
        bytes32 vcHash;
        uint8 epoch;
        address issuer;
    }

    /// @notice What is known of an identity; an expiry is 0 where there is no credential that counts.
    /// @param frozen no sending or receiving of any class of any deal
    /// @param known whether anything was ever set
    /// @param venue a contract that holds for others: no credentials or cap are asked of it
    struct Identity {
        uint40 kycExpiry;
        uint40 amlExpiry;
        uint40 accreditationExpiry;
        uint40 countryExpiry;
        uint16 country;
        uint8 investorClass;
        bool frozen;
        bool known;
        bool venue;
    }

    /// @notice `by` has used `role` to call the function `selector`, and says why. Follows the event of the change.
    /// @param reason hash or short text; the document stays off chain
    event Acted(bytes4 indexed selector, address indexed by, uint64 role, bytes32 reason);

    /// @notice A credential is in force; issuer zero: the registrar has set it.
    event CredentialSet(
        bytes32 indexed identityId,
        uint8 indexed topic,
        address indexed issuer,
        uint16 value,
        uint40 validFrom,
        uint40 validUntil,
        bytes32 vcHash
    );

    /// @notice All credentials of the topic that `issuer` has given this identity up to now are void.
    event CredentialsRevoked(
        bytes32 indexed identityId,
        uint8 indexed topic,
        address indexed issuer,
        bytes32 reason
    );

    /// @notice Whose credentials of which topics are taken (bit t - 1 for topic t), signed under which epoch.
    event IssuerSet(address indexed issuer, uint8 topics, uint8 epoch);

    /// @notice Every credential that `issuer` signed under `epoch` is void, and none is taken any more.
    event IssuerEpochEnded(address indexed issuer, uint8 epoch);

    /// @notice An identity was frozen or freed.
    event IdentityFreezeSet(bytes32 indexed identityId, bool frozen);

    /// @notice An identity is a venue from now on, or no longer.
    event VenueSet(bytes32 indexed identityId, bool venue);

    /// @notice The identity was never set.
    error IdentityNotSet(bytes32 identityId);

    /// @notice Topics are 1 to 4.
    error TopicUnknown(uint8 topic);

    /// @notice The value is no investor class (1 to 15) of an accreditation.
    error CredentialValueInvalid(uint8 topic, uint16 value);

    /// @notice The issuer is not trusted for the topic, or signed under another epoch than its current one.
    error IssuerNotTrusted(address issuer, uint8 topic, uint8 epoch);

    /// @notice Nothing of this issuer is in force that could be ended.
    error IssuerUnknown(address issuer);

    /// @notice All 255 epochs have been given out.
    error EpochsUsedUp();

    /// @notice It is not yet, or no longer, valid.
    error CredentialNotInForce(uint40 validFrom, uint40 validUntil);

    /// @notice One that is valid from the same or a later time, or a revocation, has been recorded.
    error CredentialOutdated(uint40 validFrom, uint40 lastFrom);

    /// @notice The issuer has not signed it.
    error CredentialSignatureInvalid(address issuer);

    /// @notice Puts a credential in force. Anyone who has it may.
    /// @param signature of an account, or of a contract by ERC-1271
    function submitCredential(Credential calldata credential, bytes calldata signature) external;

    /// @notice The EIP-712 domain that credentials are signed in.
    function DOMAIN_SEPARATOR() external view returns (bytes32);

    /// @notice Voids all credentials of the topic that the caller has given this identity until now, submitted or not.
    ///  One that is valid from a later time is not reached: for that the epoch ends.
    function revokeCredentials(bytes32 identityId, uint8 topic, bytes32 reason) external;

    /// @notice Sets a credential by the registrar's own word, from now on. Restricted.
    function setCredential(
        bytes32 identityId,
        uint8 topic,
        uint16 value,
        uint40 validUntil,
        bytes32 reason
    ) external;

    /// @notice Sets KYC and country together, both valid until `kycExpiry`. Restricted.
    function setIdentity(
        bytes32 identityId,
        uint40 kycExpiry,
        uint16 country,
        bytes32 reason
    ) external;

    /// @notice Trusts an issuer for topics (bit t - 1 for topic t) under its running epoch, or a new one. Restricted.
    ///  Topics taken away stop new credentials only: what counted goes on until it expires or the epoch ends.
    function setIssuer(address issuer, uint8 topics, bytes32 reason) external;

    /// @notice Ends an issuer's epoch: all that it has signed is void at once. The issuer itself, or restricted.
    function endIssuerEpoch(address issuer, bytes32 reason) external;

    /// @notice Freezes or frees an identity. Cash already owed is not withheld. Restricted.
    function setIdentityFrozen(bytes32 identityId, bool frozen, bytes32 reason) external;

    /// @notice Registers an identity as a venue, or ends that: its wallets are contracts that hold for others, of whom
    ///  no credential, country or cap is asked, and from whom nothing can be taken by force (their own books would
    ///  break). Restricted.
    function setVenue(bytes32 identityId, bool venue, bytes32 reason) external;

    /// @notice What is known of an identity.
    function identity(bytes32 identityId) external view returns (Identity memory);

    /// @notice The topic's last credential of an identity: who gave it (zero: the registrar), from when, and until when it
    ///  counts (0: it does not).
    function credentialOf(
        bytes32 identityId,
        uint8 topic
    ) external view returns (address issuer, uint40 validFrom, uint40 validUntil);

    /// @notice The topics for which an issuer's credentials are taken, and its epoch; 0 if it has none.
    function issuerOf(address issuer) external view returns (uint8 topics, uint8 epoch);

    /// @notice The identity that a wallet belongs to; zero if none.
    function identityOf(address wallet) external view returns (bytes32);

    /// @notice Whether the wallet's identity is known, not frozen and has a KYC credential that counts (ERC-3643).
    function isVerified(address wallet) external view returns (bool);

    /// @notice The country of the wallet's identity, ISO 3166-1 numeric; 0 if not known (ERC-3643).
    function investorCountry(address wallet) external view returns (uint16);
}
