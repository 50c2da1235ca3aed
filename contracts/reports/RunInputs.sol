// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {EIP712Upgradeable} from "@openzeppelin/contracts-upgradeable/utils/cryptography/EIP712Upgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {IDealFactory} from "../interfaces/IDealFactory.sol";
import {IReportRegistry} from "../interfaces/IReportRegistry.sol";
import {IReportViews} from "../interfaces/IReportViews.sol";
import {IRunInputs} from "../interfaces/IRunInputs.sol";
import {FeedRates} from "./FeedRates.sol";
import {FeedRounds} from "./FeedRounds.sol";
import {InputTerms} from "./InputTerms.sol";

/// @title What a run of the waterfall reads beside the servicer's report: fixings, purchase lists, notices.
/// @notice Factory, report registry and distributor are fixed addresses set once at initialisation. The factory says where
///  a deal's code is, the registry who its attesters are; nothing of a deal is kept here that stands elsewhere.
contract RunInputs is IRunInputs, AccessManagedUpgradeable, EIP712Upgradeable, UUPSUpgradeable {
    bytes32 private constant LIST_TYPEHASH = keccak256(
        "PurchaseList(uint64 dealId,uint16 period,uint16 version,bytes32 listRoot,uint64 loanCount,uint64 balance,uint64 price)"
    );

    /// @dev However short the grace, anybody has so long to bring a fixing before one goes without.
    uint256 private constant LEAST_WAIT = 3 days;

    struct Offer {
        bytes32 listRoot;
        uint64 loanCount;
        uint64 balance;
        uint64 price;
        uint16 version;
    }

    /// @param lastRun the last period that has used its inputs
    /// @param given notices in force, a bit each
    /// @param used standing notices that a run has used, a bit each
    /// @param fixings by period << 8 | index
    struct DealInputs {
        uint16 lastRun;
        uint8 given;
        uint8 used;
        mapping(uint256 key => Fixing) fixings;
        mapping(uint16 period => Offer) offers;
    }

    /// @custom:storage-location erc7201:penstock.RunInputs
    struct InputsStorage {
        IDealFactory factory;
        IReportRegistry reports;
        address distributor;
        mapping(uint64 dealId => DealInputs) deals;
    }

    // keccak256(abi.encode(uint256(keccak256("penstock.RunInputs")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_LOCATION =
        0x17a3d58622d456f0ac78a068b9eecaf48a8cefc5a1ab946abcd08448659b8000;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        _disableInitializers();
    }

    /// @notice Sets the role book and the fixed links. Name and version of the EIP-712 domain are constants.
    /// @custom:oz-upgrades-unsafe-allow missing-initializer-call
    /// @param authority the AccessManager
    /// @param factory knows the deals' code
    /// @param reports knows the deals' attesters
    /// @param distributor the only one who uses inputs
    function initialize(
        address authority,
        address factory,
        address reports,
        address distributor
    ) external initializer {
        require(
            authority != address(0) &&
                factory != address(0) &&
                reports != address(0) &&
                distributor != address(0),
            LinkMissing()
        );
        __AccessManaged_init(authority);
        InputsStorage storage $ = _storage();
        $.factory = IDealFactory(factory);
        $.reports = IReportRegistry(reports);
        $.distributor = distributor;
    }

    /// @inheritdoc IRunInputs
    function fixIndex(uint64 dealId, uint16 period, uint8 index, uint80 roundId) external {
        address code = _codeOf(dealId);
        Fixing storage fixing = _unfixed(code, dealId, period, index);
        uint256 fixingTime = InputTerms.fixingTimeOf(code, period, index);
        require(block.timestamp >= fixingTime, FixingNotDue(block.timestamp, fixingTime));
        (int128 rate, uint40 updatedAt) = FeedRates.read(
            InputTerms.indexOf(code, index),
            roundId,
            fixingTime
        );
        (fixing.rate, fixing.roundId, fixing.updatedAt, fixing.isFixed) = (
            rate,
            roundId,
            updatedAt,
            true
        );
        emit IndexFixed(dealId, period, index, rate, roundId, updatedAt);
    }

    /// @inheritdoc IRunInputs
    function takeLastRate(uint64 dealId, uint16 period, uint8 index, uint80 roundId) external {
        address code = _codeOf(dealId);
        Fixing storage fixing = _unfixed(code, dealId, period, index);
        bool isProven = _requireFallback(code, period, index, roundId);
        int128 rate = InputTerms.indexOf(code, index).initialRate;
        if (period != 1) {
            Fixing storage last = _storage().deals[dealId].fixings[_key(period - 1, index)];
            require(last.isFixed, FixingMissing(dealId, period - 1, index));
            rate = last.rate;
        }
        (fixing.rate, fixing.isFixed) = (rate, true);
        emit LastRateTaken(dealId, period, index, rate, isProven);
        emit IndexFixed(dealId, period, index, rate, 0, 0);
    }

    /// @inheritdoc IRunInputs
    function offerLoans(
        PurchaseList calldata list,
        address[] calldata signers,
        bytes[] calldata signatures
    ) external {
        (uint64 dealId, uint16 period) = (list.dealId, list.period);
        InputsStorage storage $ = _storage();
        InputTerms.Counts memory counts = InputTerms.counts(_codeOf(dealId));
        require(counts.buys, DealBuysNothing(dealId));
        _requirePeriod(counts, dealId, period);
        DealInputs storage deal = $.deals[dealId];
        require(period > deal.lastRun, PeriodRun(dealId, period));
        Offer storage offer = deal.offers[period];
        uint256 expected = uint256(offer.version) + 1;
        require(list.version == expected, VersionOutOfOrder(list.version, uint16(expected)));
        $.reports.requireSigned(dealId, _digestOf(list), signers, signatures);
        deal.offers[period] = Offer(
            list.listRoot,
            list.loanCount,
            list.balance,
            list.price,
            list.version
        );
        _emitOffered(list, signers);
    }

    /// @inheritdoc IRunInputs
    function giveNotice(uint64 dealId, uint8 notice) external {
        _requireGiver(dealId, notice);
        DealInputs storage deal = _storage().deals[dealId];
        uint256 given = deal.given;
        require((given >> notice) & 1 == 0, NoticeInForce(dealId, notice));
        deal.given = uint8(given | (1 << notice));
        emit NoticeGiven(dealId, notice, msg.sender);
    }

    /// @inheritdoc IRunInputs
    function withdrawNotice(uint64 dealId, uint8 notice) external {
        _requireGiver(dealId, notice);
        DealInputs storage deal = _storage().deals[dealId];
        uint256 given = deal.given;
        require((given >> notice) & 1 == 1, NoticeNotInForce(dealId, notice));
        require((deal.used >> notice) & 1 == 0, NoticeUsed(dealId, notice));
        deal.given = uint8(given & ~(1 << notice));
        emit NoticeWithdrawn(dealId, notice, msg.sender);
    }

    /// @inheritdoc IRunInputs
    function useInputs(
        uint64 dealId,
        uint16 period
    ) external returns (int256[] memory extras, uint256 notices) {
        InputsStorage storage $ = _storage();
        address distributor = $.distributor;
        require(msg.sender == distributor, CallerNotAllowed(msg.sender, distributor));
        address code = _codeOf(dealId);
        DealInputs storage deal = $.deals[dealId];
        InputTerms.Counts memory counts = InputTerms.counts(code);
        extras = _extrasOf(deal, counts, dealId, period);
        uint256 standing = 0;
        if (counts.notices != 0) (notices, standing) = _noticesOf(deal, code, dealId);
        (deal.lastRun, deal.given, deal.used) = (period, uint8(standing), uint8(standing));
    }

    /// @inheritdoc IRunInputs
    function inputsOf(
        uint64 dealId,
        uint16 period
    ) external view returns (int256[] memory extras, uint256 notices) {
        DealInputs storage deal = _storage().deals[dealId];
        address code = _codeOf(dealId);
        extras = _extrasOf(deal, InputTerms.counts(code), dealId, period);
        (notices, ) = _noticesOf(deal, code, dealId);
    }

    /// @inheritdoc IRunInputs
    function fixingOf(
        uint64 dealId,
        uint16 period,
        uint8 index
    ) external view returns (Fixing memory) {
        return _storage().deals[dealId].fixings[_key(period, index)];
    }

    /// @inheritdoc IRunInputs
    function listOf(uint64 dealId, uint16 period) external view returns (PurchaseList memory) {
        Offer memory offer = _storage().deals[dealId].offers[period];
        return
            PurchaseList(
                dealId,
                period,
                offer.version,
                offer.listRoot,
                offer.loanCount,
                offer.balance,
                offer.price
            );
    }

    /// @inheritdoc IRunInputs
    function noticesOf(uint64 dealId) external view returns (uint256 given, uint256 used) {
        DealInputs storage deal = _storage().deals[dealId];
        (given, ) = _noticesOf(deal, _codeOf(dealId), dealId);
        used = deal.used;
    }

    /// @inheritdoc IRunInputs
    function listDigest(PurchaseList calldata list) external view returns (bytes32) {
        return _digestOf(list);
    }

    function _emitOffered(PurchaseList calldata list, address[] calldata signers) private {
        emit LoansOffered(
            list.dealId,
            list.period,
            list.version,
            list.listRoot,
            list.loanCount,
            list.balance,
            list.price,
            signers
        );
    }

    /// @dev The fixing of an index of the deal, which is not there yet.
    function _unfixed(
        address code,
        uint64 dealId,
        uint16 period,
        uint8 index
    ) private view returns (Fixing storage fixing) {
        InputTerms.Counts memory counts = InputTerms.counts(code);
        require(index < counts.indices, IndexUnknown(dealId, index));
        _requirePeriod(counts, dealId, period);
        fixing = _storage().deals[dealId].fixings[_key(period, index)];
        require(!fixing.isFixed, IndexFixedBefore(dealId, period, index));
    }

    /// @dev What proves that there is no fixing is the very round that would be it, were it not too old. A feed that answers
    ///  nothing can prove nothing: there, and wherever nobody has brought a fixing, the time that all had is enough.
    /// @return isProven the round is the last one, and too old
    function _requireFallback(
        address code,
        uint16 period,
        uint8 index,
        uint80 roundId
    ) private view returns (bool isProven) {
        uint256 fixingTime = InputTerms.fixingTimeOf(code, period, index);
        (uint256 payment, uint256 grace) = InputTerms.paymentOf(code, period);
        uint256 from = payment < fixingTime ? fixingTime : payment;
        require(block.timestamp >= from, FallbackNotDue(block.timestamp, from));
        uint256 late = payment + grace;
        if (late < fixingTime + LEAST_WAIT) late = fixingTime + LEAST_WAIT;
        if (block.timestamp > late) return false;
        InputTerms.FeedIndex memory terms = InputTerms.indexOf(code, index);
        AggregatorV3Interface feed = AggregatorV3Interface(terms.feed);
        (, uint256 answeredAt) = FeedRounds.requireLast(feed, roundId, fixingTime);
        uint256 age = fixingTime - answeredAt;
        require(age > terms.maxAge, RoundInTime(age, terms.maxAge));
        return true;
    }

    function _extrasOf(
        DealInputs storage deal,
        InputTerms.Counts memory counts,
        uint64 dealId,
        uint16 period
    ) private view returns (int256[] memory extras) {
        uint256 indices = counts.indices;
        extras = new int256[](indices + (counts.buys ? 1 : 0));
        for (uint256 i = 0; i < indices; ++i) {
            Fixing storage fixing = deal.fixings[_key(period, i)];
            require(fixing.isFixed, FixingMissing(dealId, period, uint8(i)));
            extras[i] = fixing.rate;
        }
        if (counts.buys) extras[indices] = int256(uint256(deal.offers[period].price));
    }

    /// @dev What was given, and the notice of a servicer default, which the report registry alone can tell of. A default is
    ///  for good: once a run has read it, it stands here too.
    /// @return notices in force for the next run
    /// @return standing those of them that stay in force after it
    function _noticesOf(
        DealInputs storage deal,
        address code,
        uint64 dealId
    ) private view returns (uint256 notices, uint256 standing) {
        (uint256 once, uint256 byDefault) = InputTerms.noticeKinds(code);
        notices = deal.given;
        if (byDefault & ~notices != 0) {
            (IReportViews.Punctuality state, , , ) = _storage().reports.punctualityOf(dealId);
            if (state == IReportViews.Punctuality.ServicerDefault) notices |= byDefault;
        }
        standing = notices & ~once;
    }

    function _requireGiver(uint64 dealId, uint8 notice) private view {
        address code = _codeOf(dealId);
        require(notice < InputTerms.counts(code).notices, NoticeUnknown(dealId, notice));
        address payee = InputTerms.giverOf(code, notice);
        require(msg.sender == payee, CallerNotPayee(msg.sender, payee));
    }

    function _requirePeriod(
        InputTerms.Counts memory counts,
        uint64 dealId,
        uint16 period
    ) private pure {
        require(period != 0 && period <= counts.periods, PeriodUnknown(dealId, period));
    }

    /// @dev Reverts DealUnknown of the factory.
    function _codeOf(uint64 dealId) private view returns (address) {
        return _storage().factory.dealCode(dealId);
    }

    function _key(uint256 period, uint256 index) private pure returns (uint256) {
        return (period << 8) | index;
    }

    function _digestOf(PurchaseList calldata list) private view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(LIST_TYPEHASH, list)));
    }

    /// @dev Constants cost no storage read and no initialisation that an upgrade could forget.
    function _EIP712Name() internal pure override returns (string memory) {
        return "Penstock";
    }

    function _EIP712Version() internal pure override returns (string memory) {
        return "1";
    }

    function _authorizeUpgrade(address) internal override restricted {}

    function _storage() private pure returns (InputsStorage storage $) {
        assembly ("memory-safe") {
            $.slot := STORAGE_LOCATION
        }
    }
}
