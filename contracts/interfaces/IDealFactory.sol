// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IReportRegistry} from "./IReportRegistry.sol";

/// @title Creates deals and closes them.
/// @notice A deal is data: one contract whose code holds the compiled terms and the addresses of cash token, class tokens,
///  payees and index feeds. No deal has a contract of its own logic.
interface IDealFactory {
    /// @notice What must stand behind the notes when they are minted. All zero: nothing is asked. Fixed for good with the deal.
    /// @param feed AggregatorV3Interface that answers the reserve (a proof of reserve, a pool balance) in the deal's currency
    /// @param maxAge how old its answer may be, seconds; not 0
    /// @param advanceBps advance rate: what share of the reserve notes may be issued against, 1..10000
    struct ReserveGuard {
        address feed;
        uint32 maxAge;
        uint16 advanceBps;
    }

    /// @notice Everything that a deal is made of.
    /// @param terms the compiled terms (format 2)
    /// @param cashToken the ERC-20 that the deal pays in
    /// @param payees one address per payee name of the terms, in their order
    /// @param feeds one AggregatorV3Interface per feed index of the terms, in their order
    /// @param originator who deposits the accounts' initial balances at closing
    /// @param symbols ERC-20 symbol per class
    /// @param names ERC-20 name per class
    /// @param attestation who attests the reports, and who takes over after a servicer default
    /// @param reserve what must cover the issue
    struct NewDeal {
        bytes terms;
        address cashToken;
        address[] payees;
        address[] feeds;
        address originator;
        string[] symbols;
        string[] names;
        IReportRegistry.Attestation attestation;
        ReserveGuard reserve;
    }

    /// @notice One holder's part of the issue.
    /// @param classIndex class, in the order of the terms
    /// @param holder first holder
    /// @param face original face in cents
    struct Allocation {
        uint8 classIndex;
        address holder;
        uint64 face;
    }

    /// @notice The addresses of the platform that a deal is wired to. Fixed at initialisation.
    /// @param compliance ComplianceRegistry
    /// @param reports ReportRegistry
    /// @param distributor WaterfallDistributor
    /// @param tokenBeacon beacon of the TrancheToken implementation
    /// @param inputs RunInputs
    struct Links {
        address compliance;
        address reports;
        address distributor;
        address tokenBeacon;
        address inputs;
    }

    /// @notice A deal was created. `code` holds its terms and addresses; `feeds` fix its indices, `feed` is the deal's own
    ///  PoolBalanceFeed, `reserve` guards its issue (feed zero: nothing does).
    event DealCreated(
        uint64 indexed dealId,
        bytes32 indexed termsHash,
        address code,
        address cashToken,
        address[] tokens,
        address[] payees,
        address[] feeds,
        address feed,
        ReserveGuard reserve
    );

    /// @notice The deal's classes were issued in full and its accounts opened.
    event DealClosed(uint64 indexed dealId, uint40 closedAt);

    /// @notice The originator agreed to deposit the initial balances of the deal's accounts at closing.
    event DepositAgreed(uint64 indexed dealId, address indexed originator);

    /// @notice Only the deal's originator may agree to its deposit.
    error CallerNotOriginator(address caller, address originator);
    /// @notice Cash would be taken from an originator who has not agreed to this deal.
    error DepositNotAgreed(uint64 dealId, address originator);
    /// @notice The factory was initialised with a zero address.
    error LinkMissing();
    /// @notice The deal does not exist.
    error DealUnknown(uint64 dealId);
    /// @notice The terms do not start with a known format.
    error TermsFormatUnknown(uint8 format);
    /// @notice The length in the terms' header is not the length of the terms.
    error TermsLengthMismatch(uint256 actual, uint256 expected);
    /// @notice A count of the header is outside the range of the format. `offset` is its place in the header.
    error TermsCountInvalid(uint256 offset, uint256 value);
    /// @notice The sections of the terms do not follow each other. `offset` is the place of the section's offset.
    error TermsSectionInvalid(uint256 offset, uint256 value, uint256 expected);
    /// @notice A run of the deal might cost more than a block takes, and its cash would stay where it is. In units of 250 gas.
    error TermsTooCostly(uint256 work, uint256 maximum);
    /// @notice A day-count basis has the denominator zero: on it nothing would ever accrue.
    error BasisTermsInvalid(uint256 index);
    /// @notice A class has no face, or more than a token can represent.
    error FaceInvalid(uint256 classIndex, uint256 face);
    /// @notice A fee names a payee that the deal does not have.
    error FeePayeeInvalid(uint256 feeIndex, uint256 payeeIndex);
    /// @notice The class names a day-count basis that the deal lacks.
    error ClassTermsInvalid(uint256 index);
    /// @notice The fee names a basis, figure or cap that the deal lacks.
    error FeeTermsInvalid(uint256 index);
    /// @notice A cap counts over no year that exists.
    error CapTermsInvalid(uint256 index);
    /// @notice An account receives a figure that does not exist.
    error AccountTermsInvalid(uint256 index);
    /// @notice A feed index has other decimals or another unit than a feed can have.
    error IndexTermsInvalid(uint256 index);
    /// @notice A notice has no payee to give it (that of a servicer default: has one), or a kind that does not exist.
    error NoticeTermsInvalid(uint256 index);
    /// @notice A figure is, or is not, an amount of the period where it must not, or must, be one.
    error FigureTermsInvalid(uint256 index);
    /// @notice The rules of reporting can't be kept. `offset` is the place, in their section, of what is wrong.
    error ReportingTermsInvalid(uint256 offset, uint256 value);
    /// @notice A trigger has another lane than its place gives it, or a rule that no tests can meet.
    error TriggerTermsInvalid(uint256 index);
    /// @notice A series has another lane than its place gives it, or a depth that does not exist.
    error SeriesTermsInvalid(uint256 index);
    /// @notice A schedule has no rows, or rows that do not rise or lie outside their section.
    error ScheduleTermsInvalid(uint256 index);
    /// @notice What the deal remembers takes another number of lanes than the header states.
    error LanesInvalid(uint256 needed, uint256 stated);
    /// @notice The phase's steps are not steps of the deal, or more than 255.
    error PhaseInvalid(uint256 index);
    /// @notice The transition leads from or to a phase that the deal lacks.
    error TransitionInvalid(uint256 index);
    /// @notice The step is of no known kind, names what the deal lacks, or jumps out of its phase.
    error StepInvalid(uint256 step);
    /// @notice The token reads what the deal lacks, takes what is not on the stack, or leaves another number of values.
    error ExpressionInvalid(uint256 pointer, uint256 token);
    /// @notice The calendar's times do not follow each other in this period.
    error CalendarInvalid(uint256 period);
    /// @notice The closing time has passed.
    error ClosingTimePassed(uint256 nowTime, uint256 closingTime);
    /// @notice One symbol and one name per class are needed.
    error ClassCountMismatch(uint256 symbols, uint256 names, uint256 classes);
    /// @notice One address per payee is needed.
    error PayeeCountMismatch(uint256 have, uint256 need);
    /// @notice A payee is the zero address or a contract that could never spend the cash.
    error PayeeInvalid(uint256 index, address payee);
    /// @notice One feed per feed index is needed.
    error FeedCountMismatch(uint256 have, uint256 need);
    /// @notice The feed does not answer with the decimals that the terms state for its index.
    error FeedInvalid(uint256 index, address feed);
    /// @notice The originator is the zero address.
    error OriginatorMissing();
    /// @notice The cash token has other decimals than the terms say.
    error CashDecimalsMismatch(uint256 actual, uint256 expected);
    /// @notice The deal does not fit into one contract's code.
    error DealCodeTooLarge(uint256 size, uint256 maximum);
    /// @notice The deal code could not be deployed.
    error DealCodeNotDeployed();

    /// @notice The guard names no feed, age or advance rate, or a rate above 100 %.
    error ReserveGuardInvalid(address feed, uint32 maxAge, uint16 advanceBps);
    /// @notice The reserve feed does not answer.
    error ReserveUnreadable(address feed);
    /// @notice The reserve feed answers zero or less.
    error ReserveNotPositive(address feed, int256 answer);
    /// @notice The reserve feed's answer is too old, or of the future.
    error ReserveStale(address feed, uint256 updatedAt, uint32 maxAge);
    /// @notice The notes come to more than the reserve, at its advance rate, and the initial deposits. Cents.
    error ReserveShort(uint64 dealId, uint256 faceCents, uint256 coveredCents);

    /// @notice The deal was closed before.
    error DealAlreadyClosed(uint64 dealId);
    /// @notice Outside [closing time, first record time).
    error OutsideClosingWindow(uint256 nowTime, uint256 from, uint256 until);
    /// @notice The class does not exist in this deal.
    error ClassUnknown(uint256 classIndex, uint256 classes);
    /// @notice The allocations of a class do not sum to its original face.
    error AllocationMismatch(uint256 classIndex, uint256 allocated, uint256 face);

    /// @notice Creates a deal: deploys its class tokens, its code and its pool balance feed, and registers it with
    ///  compliance, reports and distributor. Restricted (ISSUER).
    /// @return dealId ids start at 1 and rise by 1
    function createDeal(NewDeal calldata deal) external returns (uint64 dealId);

    /// @notice The originator agrees that closing takes the deal's initial deposits. An approval of cash alone does not say
    ///  for which deal it is: whoever funds collections has given the distributor one too, and an issuer could name them.
    function agreeToDeposit(uint64 dealId) external;

    /// @notice Closes a deal: mints every class to its first holders, exactly its original face, and opens the deal's
    ///  accounts, which pulls the initial deposits from the originator, who has agreed or closes himself. Where the deal has
    ///  a reserve guard, the notes are covered now. Nobody pays for them here: see PrimaryIssuance. Restricted (ISSUER).
    function closeDeal(uint64 dealId, Allocation[] calldata allocations) external;

    /// @notice The contract whose code holds the deal.
    function dealCode(uint64 dealId) external view returns (address);

    /// @notice The class tokens, in the order of the terms.
    function tokensOf(uint64 dealId) external view returns (address[] memory);

    /// @notice The deal's PoolBalanceFeed.
    function feedOf(uint64 dealId) external view returns (address);

    /// @notice Who deposits the initial balances at closing.
    function originatorOf(uint64 dealId) external view returns (address);

    /// @notice Whether the deal is closed: issued and open for collections.
    function isClosed(uint64 dealId) external view returns (bool);

    /// @notice What guards the deal's issue, and, where there is a guard, what it covers now: floor(reserve x advance rate) and
    ///  the initial deposits, beside the original face of all classes, in cents. Reverts where the feed's answer does not count.
    function coverage(
        uint64 dealId
    ) external view returns (ReserveGuard memory guard, uint256 faceCents, uint256 coveredCents);

    /// @notice How many deals there are; the last deal id.
    function dealCount() external view returns (uint64);

    /// @notice The platform's addresses.
    function links() external view returns (Links memory);
}
