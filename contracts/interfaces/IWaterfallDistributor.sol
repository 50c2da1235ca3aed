// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IReportRegistry} from "./IReportRegistry.sol";

/// @notice One claim of a batch.
struct HolderClaim {
    address token;
    address holder;
}

/// @title Escrows each deal's cash, runs its priority of payments and pays what came out of it.
/// @notice Amounts are cents unless the name says `Units` (smallest unit of the deal's cash token;
/// units = cents * 10^(cash decimals - 2)). A distribution spends only cash escrowed for that deal,
/// under the report accepted for that period, once, in order. Nobody needs permission to fund, to
/// distribute or to claim: cash only ever goes to where the terms send it.
interface IWaterfallDistributor {
    /// @notice One claim of a batch.
    struct HolderClaim {
        address token;
        address holder;
    }

    /// @notice A deal was registered by the factory; it holds no cash yet.
    event DealRegistered(uint64 indexed dealId, address indexed code, address cashToken);

    /// @notice A deal was closed: balances stand at the original faces and the accounts' initial
    /// deposits were taken from the originator.
    event DealOpened(uint64 indexed dealId, address indexed originator, uint256 depositCents);

    /// @notice Cash came in for a deal. `collections` is the total that now waits for a report.
    event CollectionsFunded(
        uint64 indexed dealId,
        address indexed from,
        uint256 cents,
        uint256 collections
    );

    /// @notice A period's program ran. `words` is the engine's whole result: header, one record per
    /// step, class words, lane words, class results, payee words, inputs beside the report. `resultHash`
    /// is their keccak256.
    event WaterfallRun(
        uint64 indexed dealId,
        uint16 indexed period,
        bytes32 reportHash,
        bytes32 resultHash,
        uint256[] words
    );

    /// @notice The next period runs the program of another phase.
    event PhaseChanged(uint64 indexed dealId, uint16 indexed period, uint8 from, uint8 to);

    /// @notice The run came after the next record time: its class amounts wait in the carry and go
    /// out with the next run that is in its window, to that date's holders.
    event PaymentWindowMissed(uint64 indexed dealId, uint16 indexed period);

    /// @notice The attested preview differs from what the chain computed. Never blocks.
    event ResultMismatch(
        uint64 indexed dealId,
        uint16 indexed period,
        bytes32 expected,
        bytes32 actual
    );

    /// @notice A fee or residual could not be pushed to its payee and waits for `withdrawPayee`.
    event PayeeBooked(uint64 indexed dealId, uint8 indexed payeeIndex, uint256 cents);

    /// @notice A booked amount went to its payee.
    event PayeeWithdrawn(uint64 indexed dealId, uint8 indexed payeeIndex, uint256 cents);

    /// @notice A holder was paid what the token owed it.
    event Claimed(
        uint64 indexed dealId,
        address indexed token,
        address indexed holder,
        uint256 interestUnits,
        uint256 principalUnits
    );

    /// @notice Tokens that had been sent here past the ledger went out.
    event StrayReturned(address indexed token, address indexed to, uint256 units);

    /// @notice The claim that precedes this was paid to `payee`, as the holder had signed.
    event ClaimRedirected(address indexed token, address indexed holder, address indexed payee);

    /// @notice A claim of a batch failed; what is owed stays owed.
    event ClaimFailed(address indexed token, address indexed holder);

    /// @notice Only the deal factory may do this.
    error CallerNotFactory(address caller);

    /// @notice A collaborator's address is zero.
    error CollaboratorMissing();

    /// @notice The deal is registered already.
    error DealKnown(uint64 dealId);

    /// @notice Deal ids run from 1 to 2^24 - 1.
    error DealIdOutOfRange(uint64 dealId);

    /// @notice More cash waits for a class's holders than its escrow can count (2^80 - 1 units).
    error EscrowTooLarge(address token);

    /// @notice A class token asks for more units than wait for its holders.
    error EscrowShort(address token, uint256 units);

    /// @notice The distributor can't be the payee of a claim.
    error ClaimPayeeInvalid(address payee);

    /// @notice No deal has this id.
    error DealUnknown(uint64 dealId);

    /// @notice The deal is open already.
    error DealOpenAlready(uint64 dealId);

    /// @notice The deal is not closed (issued) yet: nothing is taken or paid before.
    error DealNotOpen(uint64 dealId);

    /// @notice The tokens handed over are not the class tokens of the deal code, or one of them
    /// belongs to another deal.
    error ClassTokenMismatch(uint64 dealId, uint256 classIndex, address token);

    /// @notice The terms have another number of classes.
    error ClassCountMismatch(uint64 dealId, uint256 tokens);

    /// @notice The cash token is no contract or has other decimals than the terms state.
    error CashTokenMismatch(address token);

    /// @notice No registered class token has this address.
    error TokenUnknown(address token);

    /// @notice Zero cents cannot be funded.
    error AmountZero();

    /// @notice Collections would not fit the ledger any more.
    error CollectionsTooLarge(uint64 dealId);

    /// @notice The cash token moved another amount than asked (a fee on transfer, a rebase).
    error CashReceivedWrong(uint256 expectedUnits, uint256 receivedUnits);

    /// @notice Periods run once each, in order.
    error PeriodNotNext(uint64 dealId, uint16 period, uint16 expected);

    /// @notice The calendar has ended: the last period has run, and nothing can spend further cash.
    error PeriodsEnded(uint64 dealId);

    /// @notice The payment time of the period has not come.
    error PaymentNotDue(uint64 dealId, uint16 period, uint256 paymentTime);

    /// @notice The report has another number of figures than the terms declare.
    error FiguresMismatch(uint64 dealId, uint256 expected, uint256 given);

    /// @notice The report's available funds, with what they carry of restatements, are not escrowed for this deal.
    error CollectionsShort(uint256 have, uint256 need);

    /// @notice The result would give out other cash than came in: the deal's terms are malformed.
    /// Only that deal stops; no other deal's cash can be touched.
    error CashNotConserved(uint64 dealId, uint256 cashIn, uint256 cashOut);

    /// @notice The engine's result has another length than the terms give it: they are malformed.
    /// Only that deal stops.
    error ResultMalformed(uint64 dealId, uint256 expected, uint256 words);

    /// @notice A push failed for want of gas in the transaction itself, which is no payee's fault.
    error GasShort(uint256 have, uint256 need);

    /// @notice All that is here of this token, or more, belongs to deals.
    error StrayMissing(address token);

    /// @notice Returning this token would move the cash of a deal: it is the deal's cash token under another address.
    error StrayNotApart(address token);

    /// @notice Nothing is booked for this payee.
    error PayeeOwedNothing(uint64 dealId, uint8 payeeIndex);

    /// @notice Makes a deal known. Only the factory, which has checked the terms. Checks that `tokens`
    /// are those of the deal code, and that the cash token has the decimals of the terms.
    function registerDeal(uint64 dealId, address code, address[] calldata tokens) external;

    /// @notice Starts a deal: balances at original face, initial deposits pulled from `originator`
    /// (who has approved this contract). Only the factory, once.
    function openDeal(uint64 dealId, address originator) external;

    /// @notice Adds `cents` of the deal's cash token, taken from the caller, to its collections: from closing until the last
    /// period has run, for nothing could spend it before or after.
    function fund(uint64 dealId, uint64 cents) external;

    /// @notice Publishes a report and funds its deal, both or neither: a report that comes with its cash. Anyone may call who
    /// has the attesters' signatures; the cash is taken from the caller. Where somebody has published the report already,
    /// `fund` alone does the rest.
    /// @param report The report, as for IReportRegistry.publishReport.
    /// @param signers Who signed it, strictly ascending.
    /// @param signatures One per signer.
    /// @param cents What is added to the deal's collections; not zero.
    function deliver(
        IReportRegistry.Report calldata report,
        address[] calldata signers,
        bytes[] calldata signatures,
        uint64 cents
    ) external;

    /// @notice Runs the next period's program over escrowed cash and pays what comes out of it.
    /// Anyone may call once the payment time has come, the report is final and the cash is here. What restatements of earlier
    /// periods differ by is added to the report's figures.
    function distribute(IReportRegistry.Report calldata report) external;

    /// @notice Pays `holder` what `token` owes it. Anyone may call; nothing owed is a no-op.
    function claim(address token, address holder) external;

    /// @notice As `claim`, to a payee that the holder has signed for (see ITrancheToken.collectTo): for
    /// contracts that hold notes but can do nothing with cash. Anyone who has the signature may call.
    function claimTo(
        address token,
        address holder,
        address payee,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Claims for many; one that fails is told of and stops no other. Anyone may call.
    function claimBatch(HolderClaim[] calldata claims) external;

    /// @notice Pays a payee what could not be pushed to it. Anyone may call.
    function withdrawPayee(uint64 dealId, uint8 payeeIndex) external;

    /// @notice Sends what is here of `token` beyond `heldFor(token)`, never more, to `to`: tokens that somebody has sent here by
    /// accident. Restricted (ISSUER).
    function returnStray(address token, address to) external;

    /// @notice The ledger of a deal. `classWords`: balance, shortfall, interest on shortfall and
    /// write-down as four u64; `laneWords`: accounts, unpaid fees, used caps, ledgers, variables, lanes
    /// of the classes, triggers, series, four u64 a word.
    function stateOf(
        uint64 dealId
    )
        external
        view
        returns (
            uint8 phase,
            uint16 lastPeriod,
            uint64 collections,
            uint256[] memory classWords,
            uint256[] memory laneWords
        );

    /// @notice A commitment to all runs of the deal in their order: keccak256 of the terms when it is
    /// registered, then for every run keccak256(history hash ‖ result hash), with the result hash that
    /// `WaterfallRun` carries. Zero for an unknown deal.
    function historyHash(uint64 dealId) external view returns (bytes32);

    /// @notice Where a deal's cash stands. Cents but `unclaimedUnits`; together, times the deal's
    /// units per cent, they are exactly the cash held for the deal.
    /// @return collections Funded and not yet distributed.
    /// @return accounts Balances of the deal's accounts.
    /// @return unclaimedUnits Entitlements of the holders, in cash units.
    /// @return owedToPayees Booked for payees whose push failed.
    /// @return carry Class amounts of late runs.
    function cashOf(
        uint64 dealId
    )
        external
        view
        returns (
            uint256 collections,
            uint256 accounts,
            uint256 unclaimedUnits,
            uint256 owedToPayees,
            uint256 carry
        );

    /// @notice Everything here of a cash token that belongs to deals, in units: the sum of `cashOf` over all deals that pay in it.
    /// What is here beyond it was sent by accident. Zero for a token that no deal pays in.
    function heldFor(address token) external view returns (uint256 units);

    /// @notice What could not be pushed to a payee and waits for it, in cents.
    function payeeOwed(uint64 dealId, uint8 payeeIndex) external view returns (uint64);

    /// @notice Class amounts of late runs that wait for the next run in its window, in cents.
    function carryOf(
        uint64 dealId,
        uint8 classIndex
    ) external view returns (uint128 interest, uint128 principal);

    /// @notice Whether the next period's payment time and grace have passed without a run.
    function isLate(uint64 dealId) external view returns (bool);

    /// @notice Where a class token belongs and how much of its holders' cash is held here.
    function escrowOf(address token) external view returns (uint64 dealId, uint256 unclaimedUnits);

    /// @notice A class's principal balance in cents; 0 before closing and for an unknown token.
    function principalBalanceOf(address token) external view returns (uint64);
}
