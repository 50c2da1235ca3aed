// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC3643Agent} from "./IERC3643Agent.sol";
import {ITrancheViews} from "./ITrancheViews.sol";

/// @title One class of notes of one deal.
/// @notice An ERC-20 of original face: 1 unit = 1 cent of the face at closing (2 decimals). Repayment lowers the factor,
///  never a balance. Interest and principal go to whoever held at the period's record time, whenever the cash comes
///  and whenever it is claimed.
/// @dev "units" are the smallest units of the deal's cash token. Entitlements are booked in 2^-24 units, floored to whole
///  units only when collected, and the fraction stays with the account. Record window k is R(k) <= now < R(k+1), with
///  the record times R of the deal's calendar; window 0 lasts from creation to R(1).
interface ITrancheToken is ITrancheViews, IERC3643Agent {
    /// @notice What a new token is made of. The links are fixed for the token's life.
    /// @param name ERC-20 name
    /// @param symbol ERC-20 symbol
    /// @param authority AccessManager: who may freeze, force and recover
    /// @param dealId the deal's id, from 1
    /// @param classIndex the class in the order of the terms
    /// @param dealCode address that carries the deal code; its calendar is read at first use, not at initialisation
    struct InitParams {
        string name;
        string symbol;
        address authority;
        uint64 dealId;
        uint8 classIndex;
        address dealCode;
    }

    /// @notice A period's interest and principal now belong to the holders of its record time.
    /// @param interestUnits cash added for interest
    /// @param principalUnits cash added for principal
    event EntitlementFunded(uint16 indexed period, uint256 interestUnits, uint256 principalUnits);

    /// @notice Everything of `lost` moved to `replacement`, a wallet of the same identity.
    event AccountRecovered(address indexed lost, address indexed replacement, uint256 face);

    /// @notice Only the deal factory mints.
    error FactoryOnly(address caller);

    /// @notice Only the distributor funds and collects.
    error DistributorOnly(address caller);

    /// @notice Minting ended at the first record time.
    error MintingEnded(uint16 recordPeriod);

    /// @notice The issue would be larger than 2^48 - 1 cents.
    error SupplyTooLarge(uint256 supply);

    /// @notice Cash of `period` can be booked only in its own record window.
    error RecordWindowClosed(uint16 period, uint16 recordPeriod);

    /// @notice `period`, or a later one, was funded before.
    error PeriodAlreadyFunded(uint16 period, uint16 lastFunded);

    /// @notice There is no holder whom the cash could belong to.
    error SupplyZero();

    /// @notice All that the class was ever funded with, of one kind, does not fit 64 bits of cents.
    error FundingTooLarge(uint256 interestCents, uint256 principalCents);

    /// @notice The account is frozen: its cash stays owed to it.
    error AccountFrozen(address account);

    /// @notice Recovery needs two wallets of one identity, and that it is the one that the agent named.
    error IdentityMismatch(address lost, address replacement);

    /// @notice The token is not paused.
    error ExpectedPause();

    /// @notice Less is frozen of the account than was to be freed.
    error FrozenTokensShort(address account, uint256 frozen, uint256 amount);

    /// @notice The lists of a batch have different lengths.
    error BatchLengthMismatch(uint256 first, uint256 other);

    /// @notice The signed claim's deadline has passed.
    error ClaimExpired(uint256 deadline);

    /// @notice The holder has not signed this claim.
    error ClaimSignatureInvalid(address holder, address payee);

    /// @notice Cash can't be paid to the zero address.
    error PayeeMissing();

    /// @notice The permit's deadline has passed.
    error ERC2612ExpiredSignature(uint256 deadline);

    /// @notice The permit was not signed by its owner.
    error ERC2612InvalidSigner(address signer, address owner);

    /// @notice Sets up a new proxy.
    function initialize(InitParams calldata params) external;

    /// @notice Issues `face` cents to `to`. Only the factory, only before the first record time.
    function mint(address to, uint64 face) external;

    /// @notice Books the class's cash of `period` for the holders of its record time.
    /// @dev Only the distributor, which must have seen that the record time of `period` has come; once a period, in rising
    ///  order, in the period's record window. The window's end comes with the call, so that the token need not read the
    ///  calendar again, which would cost a distribution in a deal of three classes some 12,000 gas more. What one cent of
    ///  face is owed is floor(all that was funded << 24 / supply), so that what the holders are owed plus the remainder is
    ///  what was funded, to the last fraction. With both amounts zero nothing happens.
    /// @param period the run's period
    /// @param windowEnd record time of the next period from the deal's own calendar; 2^40 - 1 after the last
    /// @param interestCents interest, escrowed by the caller
    /// @param principalCents principal, escrowed by the caller
    function fund(
        uint16 period,
        uint40 windowEnd,
        uint256 interestCents,
        uint256 principalCents
    ) external;

    /// @notice Hands the whole units that `holder` is owed to the distributor, which pays them. Only the distributor.
    /// @dev Constant cost in periods, holders and loans. Asks no registry: only the account's own freeze stops it.
    /// @return interestUnits interest in cash units, rounded down
    /// @return principalUnits principal in cash units, rounded down
    function collect(
        address holder
    ) external returns (uint256 interestUnits, uint256 principalUnits);

    /// @notice As `collect`, to be paid to a payee that the holder has signed for: the distributor pays `payee`.
    ///  Only the distributor. With nothing to collect the signature stays good.
    /// @param signature the holder's EIP-712 signature of Claim(address holder,address payee,uint256 nonce,uint256
    ///  deadline) with the nonce that `nonces` gives, which `permit` counts up too; of an account or by ERC-1271
    function collectTo(
        address holder,
        address payee,
        uint256 deadline,
        bytes calldata signature
    ) external returns (uint256 interestUnits, uint256 principalUnits);
}
