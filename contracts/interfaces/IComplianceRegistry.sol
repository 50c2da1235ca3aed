// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICredentials} from "./ICredentials.sol";

/// @title Who may hold what.
/// @notice Each class has its rules: credentials, investor class, countries, lock-ups. A deal may cap what one identity
///  holds over all its classes, in its own wallets and by way of the deal's venues, valued with the classes' current
///  balances; a breach that comes about by repayment is allowed to stand, only an increase is refused.
/// @dev Tokens make one call per transfer. Every function that the role book restricts takes a reason and ends with `Acted`.
interface IComplianceRegistry is ICredentials {
    /// @notice Until when notes may not move as they please; 0 or past: no lock-up.
    /// @param rule144Until until then they go only to qualified institutional buyers (Rule 144 and 144A)
    /// @param regSUntil until then they go to no one but qualified institutional buyers who is in the United States, or has no
    ///  valid credential of another country (Regulation S, distribution compliance period)
    struct Lockup {
        uint40 rule144Until;
        uint40 regSUntil;
    }

    /// @notice `wallet` belongs to `identityId` from now on; zero means to nobody.
    event WalletLinked(
        address indexed wallet,
        bytes32 indexed identityId,
        bytes32 indexed previousIdentityId
    );

    /// @notice `wallet` has said that it may be linked to `identityId`; zero: to none any more.
    event WalletConsented(address indexed wallet, bytes32 indexed identityId);

    /// @notice The deal's cap looks through `venue` from now on, or no longer.
    event DealVenueSet(uint64 indexed dealId, address indexed venue, bool listed);

    /// @notice An identity was exempted from a deal's holder cap (initial purchaser), or no longer is.
    event CapExemptSet(uint64 indexed dealId, bytes32 indexed identityId, bool exempt);

    /// @notice Receivers of the class need credentials of these topics (bit t - 1 for topic t) and at least this class.
    event RequirementsSet(address indexed token, uint8 topics, uint8 leastInvestorClass);

    /// @notice A country is on the class's list, or no longer.
    event CountryListed(address indexed token, uint16 indexed country, bool listed);

    /// @notice The class's list names the countries that alone may receive it, or those that may not.
    event CountryListMeaningSet(address indexed token, bool onlyListed);

    /// @notice A lock-up of the class: of one identity, or of all when it is zero.
    event LockupSet(
        address indexed token,
        bytes32 indexed identityId,
        uint40 rule144Until,
        uint40 regSUntil
    );

    /// @notice Only the deal factory registers deals.
    error FactoryOnly(address caller);

    /// @notice Only the distributor reports balances.
    error DistributorOnly(address caller);

    /// @notice The deal was registered before.
    error DealAlreadyRegistered(uint64 dealId);

    /// @notice The token is a class of a deal already.
    error TokenAlreadyRegistered(address token);

    /// @notice No such deal was registered.
    error DealUnknown(uint64 dealId);

    /// @notice `token` is no class of a registered deal.
    error TokenUnknown(address token);

    /// @notice A token or balance count that is not the deal's class count.
    error ClassCountMismatch(uint256 given, uint256 classes);

    /// @notice A wallet that holds notes can't be left without an identity.
    error WalletHoldsNotes(address wallet, uint64 dealId);

    /// @notice The wallet has not consented to be linked to the identity.
    error ConsentMissing(address wallet, bytes32 identityId);

    /// @notice The wallet's consent was good until `deadline`.
    error ConsentExpired(uint256 deadline);

    /// @notice `venue` is no wallet of an identity that is a venue.
    error VenueUnknown(address venue);

    /// @notice A deal looks through at most four venues.
    error TooManyVenues(uint64 dealId);

    /// @notice A venue of the deal doesn't say what it holds for the identity, which therefore may not hold more.
    error VenueUnreadable(uint64 dealId, bytes32 identity);

    /// @notice `account` belongs to no known identity.
    error IdentityUnknown(address account);

    /// @notice The receiver's identity has no credential of the topic that counts: none, expired, revoked.
    error CredentialMissing(address account, uint8 topic);

    /// @notice The receiver's investor class is below the one that the class asks for.
    error InvestorClassTooLow(address account, uint8 investorClass, uint8 least);

    /// @notice The sender's notes may not go to this receiver yet.
    error LockedUp(address from, address to);

    /// @notice Nothing can be taken from a venue by force.
    error VenueSender(address venue);

    /// @notice The account's identity is frozen.
    error IdentityFrozen(address account);

    /// @notice The receiver's country may not hold this class.
    error CountryBlocked(address account, uint16 country);

    /// @notice The receiving identity would hold more of the deal than its cap.
    /// @param identity the receiving identity
    /// @param principalAfter what it would hold over all classes, cents of current principal, rounded down
    /// @param limit the cap, cents of current principal, rounded down
    error HolderCapExceeded(bytes32 identity, uint256 principalAfter, uint256 limit);

    /// @notice Books a transfer between wallets, or a mint when `from` is zero; reverts with the reason if it is refused.
    /// @dev Only registered tokens. Sender: known, not frozen (an expired sender may still sell), not locked up. Receiver:
    ///  known, not frozen, with the credentials, investor class and country that the class asks for, and within the cap
    ///  when the identity's holding grows. Between two wallets of one identity neither lock-up nor cap is asked.
    /// @param amount original face in cents
    function onTransfer(address from, address to, uint256 amount) external;

    /// @notice As `onTransfer` without the sender's checks; refused from a venue.
    function onForcedTransfer(address from, address to, uint256 amount) external;

    /// @notice Registers a deal's classes. Only the factory.
    /// @param code address that carries the deal code: original faces and cap are read from it
    /// @param tokens one token per class, in the order of the terms
    function registerDeal(uint64 dealId, address code, address[] calldata tokens) external;

    /// @notice Sets the classes' balances that the cap values holdings with. Only the distributor.
    /// @param code the deal's code, which the distributor has at hand: looking it up would cost a slot
    /// @param balances cents of current principal per class
    function setBalances(uint64 dealId, address code, uint64[] calldata balances) external;

    /// @notice Says that the caller may be linked to `identityId`, once; zero takes it back.
    function consentToLink(bytes32 identityId) external;

    /// @notice Makes `wallet` one of `identityId` and moves the face that the wallet holds from the books of its previous
    ///  identity, in every deal, within the new one's cap. The wallet must have consented, or be the caller. Zero unlinks
    ///  a wallet that holds nothing; that, and linking a contract that nobody has to a venue, needs no consent. Restricted.
    function linkWallet(address wallet, bytes32 identityId, bytes32 reason) external;

    /// @notice As `linkWallet`, with the wallet's signature of
    ///  WalletLink(address wallet,bytes32 identityId,uint256 nonce,uint256 deadline) in the domain of the credentials; the
    ///  nonce is that of `consentOf`. Restricted.
    /// @param deadline last second in which the signature counts
    /// @param signature of an account, or of a contract by ERC-1271
    function linkWalletBySignature(
        address wallet,
        bytes32 identityId,
        uint256 deadline,
        bytes calldata signature,
        bytes32 reason
    ) external;

    /// @notice Has the deal's cap look through a venue, a wallet of an identity that is one, or ends that. Restricted.
    function setDealVenue(uint64 dealId, address venue, bool listed, bytes32 reason) external;

    /// @notice Exempts an identity from a deal's cap, or ends the exemption. Restricted.
    function setCapExempt(uint64 dealId, bytes32 identityId, bool exempt, bytes32 reason) external;

    /// @notice Sets what a class asks of its receivers; at registration it is KYC alone. Restricted.
    /// @param topics bit t - 1 for topic t
    /// @param leastInvestorClass 0 to 15; above 0 the accreditation is required too
    function setRequirements(
        address token,
        uint8 topics,
        uint8 leastInvestorClass,
        bytes32 reason
    ) external;

    /// @notice Puts a country on a class's list, or takes it off; holdings stay. Restricted.
    function setCountryListed(address token, uint16 country, bool listed, bytes32 reason) external;

    /// @notice What the list means: the countries that alone may receive the class, or, as at registration, those that
    ///  may not. Restricted.
    function setCountryListMeaning(address token, bool onlyListed, bytes32 reason) external;

    /// @notice Sets a class's lock-up for one identity, or for all with identity zero; the later of both counts.
    ///  Restricted.
    function setLockup(
        address token,
        bytes32 identityId,
        Lockup calldata lockup,
        bytes32 reason
    ) external;

    /// @notice Whether `onTransfer` of `token` would pass, and if not, the selector of its error. Never reverts.
    function canTransfer(
        address token,
        address from,
        address to,
        uint256 amount
    ) external view returns (bool ok, bytes4 reason);

    /// @notice Whether the sender's rules let `account` send. Never reverts.
    function canSend(address account) external view returns (bool);

    /// @notice Whether the receiver's rules, but for the cap, let `account` receive `token`. Never reverts.
    function canReceive(address token, address account) external view returns (bool);

    /// @notice The original face that an identity holds of each class, in cents.
    function holdingOf(
        uint64 dealId,
        bytes32 identityId
    ) external view returns (uint64[] memory faces);

    /// @notice What an identity holds of the deal in its own wallets, valued as the cap does, in cents rounded down, and the
    ///  cap.
    /// @return principal cents of current principal, rounded down
    /// @return limit the cap in cents; 2^64 - 1 if the deal has none
    function principalHeldBy(
        uint64 dealId,
        bytes32 identityId
    ) external view returns (uint256 principal, uint256 limit);

    /// @notice What an identity would hold of the deal, in its own wallets and by way of the deal's venues, with `added` cents
    ///  of face of one class more (0: what it holds), in cents of current principal rounded down; not readable, and zero, if
    ///  a venue doesn't say. A venue asks this before notes change hands inside it, for nobody else can.
    function principalWithVenues(
        uint64 dealId,
        bytes32 identityId,
        uint256 classIndex,
        uint256 added
    ) external view returns (uint256 principal, bool readable);

    /// @notice The venues that the deal's cap looks through; zero in a free place.
    function venuesOf(uint64 dealId) external view returns (address[4] memory);

    /// @notice The identity that a wallet has consented to by itself, zero if none, and the nonce of its next signature.
    function consentOf(address wallet) external view returns (bytes32 identityId, uint256 nonce);

    /// @notice Whether the identity is exempt from the deal's cap.
    function isCapExempt(uint64 dealId, bytes32 identityId) external view returns (bool);

    /// @notice Whether identities of the country may receive the class.
    function isCountryAdmitted(address token, uint16 country) external view returns (bool);

    /// @notice What a class asks of its receivers.
    function requirementsOf(
        address token
    ) external view returns (uint8 topics, uint8 leastInvestorClass);

    /// @notice The lock-up that counts for an identity's notes of a class.
    function lockupOf(address token, bytes32 identityId) external view returns (Lockup memory);
}
