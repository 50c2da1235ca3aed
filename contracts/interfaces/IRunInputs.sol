// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title What a run of the waterfall reads beside the servicer's report.
/// @notice Three things that no report may state: the rate of an index, which a data feed fixes at a time that the calendar
///  names; the loans that a deal buys and their price, which the deal's attesters sign; and the notices that only the
///  payee named in the terms may give. Nobody chooses a fixing: anyone may bring it, and only one round of the feed is it.
interface IRunInputs {
    /// @notice One index of one period, fixed for good.
    /// @param rate annual rate, 1e18 = 100 %; may be negative
    /// @param roundId round of the feed; 0 with updatedAt 0: the last rate was taken, see {takeLastRate}
    /// @param updatedAt when the feed answered that round, unix seconds
    /// @param isFixed false: not fixed yet
    struct Fixing {
        int128 rate;
        uint80 roundId;
        uint40 updatedAt;
        bool isFixed;
    }

    /// @notice The loans offered to the deal in one period. What the attesters sign. EIP-712 domain: name "Penstock",
    ///  version "1", chain id, this contract. Type:
    ///  "PurchaseList(uint64 dealId,uint16 period,uint16 version,bytes32 listRoot,uint64 loanCount,uint64 balance,uint64 price)"
    /// @param dealId the deal
    /// @param period the period, from 1
    /// @param version 1, then rising by 1 with every list that takes the place of an unused one of the same period
    /// @param listRoot node hash of the root of the Merkle sum tree of the loans
    /// @param loanCount loans in that tree
    /// @param balance their balance, cents
    /// @param price what the deal pays for all of them, cents; a list of price 0 takes an offer back
    struct PurchaseList {
        uint64 dealId;
        uint16 period;
        uint16 version;
        bytes32 listRoot;
        uint64 loanCount;
        uint64 balance;
        uint64 price;
    }

    /// @notice An index was fixed for a period.
    event IndexFixed(
        uint64 indexed dealId,
        uint16 indexed period,
        uint8 index,
        int256 rate,
        uint80 roundId,
        uint40 updatedAt
    );

    /// @notice No round of the feed could fix the index: it takes the rate of the period before, or the initial rate of the
    ///  terms in the first period. {IndexFixed} follows, with round and time 0.
    /// @param isProven a round was shown to be the last one and too old; false: nobody had fixed the index when the deal
    ///  was late
    event LastRateTaken(
        uint64 indexed dealId,
        uint16 indexed period,
        uint8 index,
        int256 rate,
        bool isProven
    );

    /// @notice Loans were offered to the deal for a period, in the place of what was offered before.
    event LoansOffered(
        uint64 indexed dealId,
        uint16 indexed period,
        uint16 version,
        bytes32 listRoot,
        uint64 loanCount,
        uint64 balance,
        uint64 price,
        address[] signers
    );

    /// @notice A notice is in force from the next run on.
    event NoticeGiven(uint64 indexed dealId, uint8 indexed notice, address by);

    /// @notice A notice that no run had used was taken back.
    event NoticeWithdrawn(uint64 indexed dealId, uint8 indexed notice, address by);

    /// @notice The contract was initialised with a zero address.
    error LinkMissing();
    /// @notice The caller is not the one contract that may call this function.
    error CallerNotAllowed(address caller, address allowed);
    /// @notice The deal has no such period.
    error PeriodUnknown(uint64 dealId, uint16 period);

    /// @notice The deal has no index of this number that a feed fixes.
    error IndexUnknown(uint64 dealId, uint8 index);
    /// @notice The index was fixed before; a fixing never changes.
    error IndexFixedBefore(uint64 dealId, uint16 period, uint8 index);
    /// @notice The fixing time has not come.
    error FixingNotDue(uint256 nowTime, uint256 fixingTime);
    /// @notice The feed cannot be read: it reverts where it must answer.
    error FeedUnreadable(address feed);
    /// @notice The feed's decimals are not those of the terms any more.
    error FeedDecimalsChanged(address feed, uint8 actual, uint8 expected);
    /// @notice The feed has no complete round of this number.
    error RoundIncomplete(address feed, uint80 roundId);
    /// @notice The round was answered after the fixing time.
    error RoundTooLate(uint256 updatedAt, uint256 fixingTime);
    /// @notice A later round was answered at or before the fixing time too: that one is the fixing, or one behind it.
    error RoundNotLast(uint80 roundId, uint80 laterRound);
    /// @notice The round is older at the fixing time than the terms allow.
    error RoundTooOld(uint256 ageSeconds, uint256 maximum);
    /// @notice The time of the fallback has not come.
    error FallbackNotDue(uint256 nowTime, uint256 from);
    /// @notice The round is not too old: it is the fixing.
    error RoundInTime(uint256 ageSeconds, uint256 maximum);
    /// @notice The answer is no rate that a run could read.
    error RateOutOfRange(int256 answer);
    /// @notice The index is not fixed for this period: see {fixIndex}.
    error FixingMissing(uint64 dealId, uint16 period, uint8 index);

    /// @notice The deal's program buys nothing.
    error DealBuysNothing(uint64 dealId);
    /// @notice The version is not the next one of this period.
    error VersionOutOfOrder(uint16 version, uint16 expected);
    /// @notice The period has run: its list is final.
    error PeriodRun(uint64 dealId, uint16 period);

    /// @notice The terms have no notice of this number.
    error NoticeUnknown(uint64 dealId, uint8 notice);
    /// @notice Only the payee that the terms name may give or withdraw this notice.
    error CallerNotPayee(address caller, address payee);
    /// @notice The notice is in force already.
    error NoticeInForce(uint64 dealId, uint8 notice);
    /// @notice The notice is not in force: there is nothing to withdraw.
    error NoticeNotInForce(uint64 dealId, uint8 notice);
    /// @notice A run has used the notice: it stands.
    error NoticeUsed(uint64 dealId, uint8 notice);

    /// @notice Fixes an index for a period, once, out of the deal's feed. Anyone may call it from the fixing time on. The
    ///  round must be complete, answered at or before the fixing time, not older at that time than the terms allow, and
    ///  the last such round: the next complete one is later or does not exist yet.
    /// @dev Rounds of a Chainlink proxy carry the phase of their aggregator in the upper 16 of their 80 bits. The last round
    ///  of a phase is the fixing only if no later phase had begun by the fixing time.
    /// @param index position among the deal's feed indices
    /// @param roundId the round of the feed
    function fixIndex(uint64 dealId, uint16 period, uint8 index, uint80 roundId) external;

    /// @notice Fixes an index that its feed does not fix, so that a feed that has died cannot hold the deal's cash for ever:
    ///  with the rate of the period before, which must be fixed, or with the initial rate of the terms in period 1. Anyone
    ///  may call. From the payment time on `roundId` must be the last round at or before the fixing time and too old.
    ///  When the deal is late (payment time and grace have passed, and three days since the fixing time) no proof is
    ///  needed, and `roundId` is not read: a feed may be silent in more ways than can be proved, and until then anybody
    ///  could have brought the fixing.
    function takeLastRate(uint64 dealId, uint16 period, uint8 index, uint80 roundId) external;

    /// @notice Offers loans to a deal that buys. Anyone may bring the list: what counts are the signatures of k of n of the
    ///  deal's attesters, as for a report. It may be replaced until the period has run. The run buys the list at its
    ///  price or not at all.
    /// @param list the list
    /// @param signers who signed, strictly ascending
    /// @param signatures one per signer, over {listDigest}
    function offerLoans(
        PurchaseList calldata list,
        address[] calldata signers,
        bytes[] calldata signatures
    ) external;

    /// @notice Gives a notice. Only the payee that the terms name. A notice of kind "once" counts in the next run and may be
    ///  given again after it; a standing one counts in every run from then on. That of a servicer default is given by
    ///  nobody: it counts in every run from the moment that the report registry knows of the default.
    function giveNotice(uint64 dealId, uint8 notice) external;

    /// @notice Takes back a notice that no run has used yet. Only the payee that the terms name.
    function withdrawNotice(uint64 dealId, uint8 notice) external;

    /// @notice What the run of a period reads, marked as used: lists up to this period are final, notices of kind "once" are
    ///  spent, standing ones cannot be withdrawn any more. Only the distributor. Reverts FixingMissing.
    /// @return extras the fixings in the order of the indices (1e18 = 100 %), then the price of the list in cents (0 without
    ///  one) when the deal buys
    /// @return notices bit q: notice q is in force
    function useInputs(
        uint64 dealId,
        uint16 period
    ) external returns (int256[] memory extras, uint256 notices);

    /// @notice What {useInputs} would answer now, with nothing marked. Reverts FixingMissing.
    function inputsOf(
        uint64 dealId,
        uint16 period
    ) external view returns (int256[] memory extras, uint256 notices);

    /// @notice The fixing of an index; `isFixed` is false where there is none yet.
    function fixingOf(
        uint64 dealId,
        uint16 period,
        uint8 index
    ) external view returns (Fixing memory);

    /// @notice The list that stands for a period; version 0: none was offered.
    function listOf(uint64 dealId, uint16 period) external view returns (PurchaseList memory);

    /// @notice Which notices stand, that of a servicer default among them.
    /// @return given bit q: notice q is in force for the next run
    /// @return used bit q: notice q stands for good, because a run has used it
    function noticesOf(uint64 dealId) external view returns (uint256 given, uint256 used);

    /// @notice The EIP-712 digest that an attester signs.
    function listDigest(PurchaseList calldata list) external view returns (bytes32);
}
