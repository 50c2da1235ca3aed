// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {BeaconProxy} from "@openzeppelin/contracts/proxy/beacon/BeaconProxy.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IComplianceRegistry} from "../interfaces/IComplianceRegistry.sol";
import {IDealFactory} from "../interfaces/IDealFactory.sol";
import {IReportRegistry} from "../interfaces/IReportRegistry.sol";
import {ITrancheToken} from "../interfaces/ITrancheToken.sol";
import {IWaterfallDistributor} from "../interfaces/IWaterfallDistributor.sol";
import {InputTerms} from "../reports/InputTerms.sol";
import {PoolBalanceFeed} from "../reports/PoolBalanceFeed.sol";
import {DealTerms} from "./DealTerms.sol";
import {ReserveCoverage} from "./ReserveCoverage.sol";
import {TermsChecker} from "./TermsChecker.sol";
import {TermsShape} from "./TermsShape.sol";

/// @title Creates deals and closes them.
/// @notice The links to the other contracts are fixed addresses set once at initialisation. Everything of a deal is
///  created and initialised inside one transaction, so that nothing of it can be initialised by somebody else.
contract DealFactory is IDealFactory, AccessManagedUpgradeable, UUPSUpgradeable {
    /// @dev EIP-170.
    uint256 private constant MAX_CODE_BYTES = 24_576;

    /// @param code deal code; zero: no such deal
    /// @param closed issued and open
    /// @param depositAgreed the originator has agreed to the initial deposits
    /// @param originator depositor of the initial balances
    /// @param feed PoolBalanceFeed
    /// @param tokens class tokens in order
    /// @param reserve what must cover the issue
    struct Deal {
        address code;
        bool closed;
        bool depositAgreed;
        address originator;
        address feed;
        address[] tokens;
        ReserveGuard reserve;
    }

    /// @custom:storage-location erc7201:penstock.DealFactory
    struct FactoryStorage {
        Links links;
        uint64 dealCount;
        mapping(uint64 dealId => Deal) deals;
    }

    // keccak256(abi.encode(uint256(keccak256("penstock.DealFactory")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant STORAGE_LOCATION =
        0x72dcf7b46527f918c756facecfffd68b8799e102adf74f9c9b1ec9b54a83ae00;

    /// @dev Part of what this implementation is: it has no state of its own.
    /// @custom:oz-upgrades-unsafe-allow state-variable-immutable
    TermsChecker private immutable CHECKER;

    /// @param checker The TermsChecker.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(TermsChecker checker) {
        require(address(checker).code.length != 0, LinkMissing());
        CHECKER = checker;
        _disableInitializers();
    }

    /// @notice Sets the role book and the fixed links.
    function initialize(address authority, Links calldata links_) external initializer {
        require(
            authority != address(0) &&
                links_.compliance != address(0) &&
                links_.reports != address(0) &&
                links_.distributor != address(0) &&
                links_.tokenBeacon != address(0) &&
                links_.inputs != address(0),
            LinkMissing()
        );
        __AccessManaged_init(authority);
        _storage().links = links_;
    }

    /// @inheritdoc IDealFactory
    function createDeal(NewDeal calldata deal) external restricted returns (uint64 dealId) {
        FactoryStorage storage $ = _storage();
        Links memory links_ = $.links;
        TermsShape.Shape memory shape = CHECKER.check(deal.terms);
        _requireArgumentsFit(deal, shape, links_.distributor);
        ReserveCoverage.requireWellFormed(deal.reserve);
        dealId = ++$.dealCount;
        address[] memory tokens = _deployTokens(links_.tokenBeacon, shape.classes);
        address code = _writeDealCode(deal, tokens);
        _requireFeedsFit(code, deal.feeds);
        _initializeTokens(deal, tokens, code, dealId);
        address feed = address(new PoolBalanceFeed(IReportRegistry(links_.reports), dealId));
        $.deals[dealId] = Deal(code, false, false, deal.originator, feed, tokens, deal.reserve);
        _register(links_, deal.attestation, dealId, code, tokens);
        _announce(deal, dealId);
    }

    /// @inheritdoc IDealFactory
    function agreeToDeposit(uint64 dealId) external {
        Deal storage deal = _deal(dealId);
        address originator = deal.originator;
        require(msg.sender == originator, CallerNotOriginator(msg.sender, originator));
        deal.depositAgreed = true;
        emit DepositAgreed(dealId, originator);
    }

    /// @inheritdoc IDealFactory
    function closeDeal(uint64 dealId, Allocation[] calldata allocations) external restricted {
        Deal storage deal = _deal(dealId);
        require(!deal.closed, DealAlreadyClosed(dealId));
        _requireClosingWindow(deal.code);
        _requireDepositAgreed(deal, dealId);
        deal.closed = true;
        address[] memory tokens = deal.tokens;
        _requireFullyAllocated(deal.code, tokens.length, allocations);
        _requireCovered(deal, dealId);
        for (uint256 i = 0; i < allocations.length; ++i) {
            Allocation calldata part = allocations[i];
            ITrancheToken(tokens[part.classIndex]).mint(part.holder, part.face);
        }
        IWaterfallDistributor(_storage().links.distributor).openDeal(dealId, deal.originator);
        emit DealClosed(dealId, uint40(block.timestamp));
    }

    /// @inheritdoc IDealFactory
    function dealCode(uint64 dealId) external view returns (address) {
        return _deal(dealId).code;
    }

    /// @inheritdoc IDealFactory
    function tokensOf(uint64 dealId) external view returns (address[] memory) {
        return _deal(dealId).tokens;
    }

    /// @inheritdoc IDealFactory
    function feedOf(uint64 dealId) external view returns (address) {
        return _deal(dealId).feed;
    }

    /// @inheritdoc IDealFactory
    function originatorOf(uint64 dealId) external view returns (address) {
        return _deal(dealId).originator;
    }

    /// @inheritdoc IDealFactory
    function isClosed(uint64 dealId) external view returns (bool) {
        return _deal(dealId).closed;
    }

    /// @inheritdoc IDealFactory
    function coverage(
        uint64 dealId
    ) external view returns (ReserveGuard memory guard, uint256 faceCents, uint256 coveredCents) {
        Deal storage deal = _deal(dealId);
        guard = deal.reserve;
        faceCents = _sum(DealTerms.originalFaces(deal.code));
        if (guard.feed != address(0)) coveredCents = _coveredCents(deal.code, guard);
    }

    /// @inheritdoc IDealFactory
    function dealCount() external view returns (uint64) {
        return _storage().dealCount;
    }

    /// @inheritdoc IDealFactory
    function links() external view returns (Links memory) {
        return _storage().links;
    }

    /// @dev The terms fix how many of everything there must be, and in which decimals the deal pays.
    function _requireArgumentsFit(
        NewDeal calldata deal,
        TermsShape.Shape memory shape,
        address distributor
    ) private view {
        require(
            deal.symbols.length == shape.classes && deal.names.length == shape.classes,
            ClassCountMismatch(deal.symbols.length, deal.names.length, shape.classes)
        );
        require(
            deal.payees.length == shape.payees,
            PayeeCountMismatch(deal.payees.length, shape.payees)
        );
        for (uint256 i = 0; i < deal.payees.length; ++i) {
            address payee = deal.payees[i];
            // Cash that the distributor pays to itself or to this factory would belong to nobody.
            require(
                payee != address(0) && payee != distributor && payee != address(this),
                PayeeInvalid(i, payee)
            );
        }
        require(
            deal.feeds.length == shape.indices,
            FeedCountMismatch(deal.feeds.length, shape.indices)
        );
        require(deal.originator != address(0), OriginatorMissing());
        uint256 decimals = IERC20Metadata(deal.cashToken).decimals();
        require(decimals == shape.cashDecimals, CashDecimalsMismatch(decimals, shape.cashDecimals));
        uint256 addresses = 1 + shape.classes + shape.payees + shape.indices;
        uint256 size = 1 + deal.terms.length + 20 * addresses;
        require(size <= MAX_CODE_BYTES, DealCodeTooLarge(size, MAX_CODE_BYTES));
    }

    /// @dev A feed with other decimals would fix another rate; it is asked again at every fixing.
    function _requireFeedsFit(address code, address[] calldata feeds) private view {
        for (uint256 i = 0; i < feeds.length; ++i) {
            address feed = feeds[i];
            require(feed.code.length != 0, FeedInvalid(i, feed));
            uint8 expected = InputTerms.indexOf(code, i).decimals;
            try AggregatorV3Interface(feed).decimals() returns (uint8 decimals) {
                require(decimals == expected, FeedInvalid(i, feed));
            } catch {
                revert FeedInvalid(i, feed);
            }
        }
    }

    /// @dev The tokens' addresses stand in the deal code and the tokens need its address: so they are deployed bare here
    ///  and initialised by {_initializeTokens} in the same transaction.
    function _deployTokens(
        address beacon,
        uint256 classes
    ) private returns (address[] memory tokens) {
        tokens = new address[](classes);
        for (uint256 i = 0; i < classes; ++i) tokens[i] = address(new BeaconProxy(beacon, ""));
    }

    /// @dev SSTORE2-style: the init code returns what follows it; the leading STOP makes the data uncallable.
    function _writeDealCode(
        NewDeal calldata deal,
        address[] memory tokens
    ) private returns (address code) {
        bytes memory body = abi.encodePacked(hex"00", deal.terms, deal.cashToken);
        for (uint256 i = 0; i < tokens.length; ++i) body = bytes.concat(body, bytes20(tokens[i]));
        for (uint256 i = 0; i < deal.payees.length; ++i) {
            body = bytes.concat(body, bytes20(deal.payees[i]));
        }
        for (uint256 i = 0; i < deal.feeds.length; ++i) {
            body = bytes.concat(body, bytes20(deal.feeds[i]));
        }
        // PUSH2 size, DUP1, PUSH1 10, PUSH0, CODECOPY, PUSH0, RETURN: ten bytes, then the body.
        bytes memory creation = bytes.concat(
            hex"61",
            bytes2(uint16(body.length)),
            hex"80600a5f395ff3",
            body
        );
        assembly ("memory-safe") {
            code := create(0, add(creation, 32), mload(creation))
        }
        require(code != address(0), DealCodeNotDeployed());
    }

    function _initializeTokens(
        NewDeal calldata deal,
        address[] memory tokens,
        address code,
        uint64 dealId
    ) private {
        for (uint256 i = 0; i < tokens.length; ++i) {
            ITrancheToken(tokens[i]).initialize(
                ITrancheToken.InitParams({
                    name: deal.names[i],
                    symbol: deal.symbols[i],
                    authority: authority(),
                    dealId: dealId,
                    classIndex: uint8(i),
                    dealCode: code
                })
            );
        }
    }

    /// @dev Apart, and out of storage: the stack would not hold it beside what creation holds.
    function _announce(NewDeal calldata deal, uint64 dealId) private {
        Deal storage created = _storage().deals[dealId];
        emit DealCreated(
            dealId,
            keccak256(deal.terms),
            created.code,
            deal.cashToken,
            created.tokens,
            deal.payees,
            deal.feeds,
            created.feed,
            deal.reserve
        );
    }

    function _register(
        Links memory links_,
        IReportRegistry.Attestation calldata attestation,
        uint64 dealId,
        address code,
        address[] memory tokens
    ) private {
        IComplianceRegistry(links_.compliance).registerDeal(dealId, code, tokens);
        IReportRegistry(links_.reports).registerDeal(dealId, code, attestation);
        IWaterfallDistributor(links_.distributor).registerDeal(dealId, code, tokens);
    }

    /// @dev Holders of the first record date must exist before it.
    function _requireClosingWindow(address code) private view {
        (uint40 from, uint40 until) = DealTerms.closingWindow(code);
        require(
            block.timestamp >= from && block.timestamp < until,
            OutsideClosingWindow(block.timestamp, from, until)
        );
    }

    /// @dev Where there is something to deposit, the one who pays it has said so.
    function _requireDepositAgreed(Deal storage deal, uint64 dealId) private view {
        if (deal.depositAgreed || msg.sender == deal.originator) return;
        uint256 deposits = _sum(DealTerms.initialDeposits(deal.code));
        require(deposits == 0, DepositNotAgreed(dealId, deal.originator));
    }

    /// @dev What is minted is every class in full, so it is the terms' faces that the reserve must cover.
    function _requireCovered(Deal storage deal, uint64 dealId) private view {
        ReserveGuard memory guard = deal.reserve;
        if (guard.feed == address(0)) return;
        uint256 faces = _sum(DealTerms.originalFaces(deal.code));
        uint256 covered = _coveredCents(deal.code, guard);
        require(faces <= covered, ReserveShort(dealId, faces, covered));
    }

    /// @dev The deposits are cash that the deal holds from the same transaction on: covered by themselves.
    function _coveredCents(address code, ReserveGuard memory guard) private view returns (uint256) {
        uint256 deposits = _sum(DealTerms.initialDeposits(code));
        uint256 reserve = ReserveCoverage.coveredCents(guard);
        return reserve + deposits;
    }

    function _sum(uint64[] memory cents) private pure returns (uint256 sum) {
        for (uint256 i = 0; i < cents.length; ++i) sum += cents[i];
    }

    /// @dev Every class is issued exactly: the balances that the waterfall pays down are those of the terms.
    function _requireFullyAllocated(
        address code,
        uint256 classes,
        Allocation[] calldata allocations
    ) private view {
        uint256[] memory allocated = new uint256[](classes);
        for (uint256 i = 0; i < allocations.length; ++i) {
            uint256 classIndex = allocations[i].classIndex;
            require(classIndex < classes, ClassUnknown(classIndex, classes));
            allocated[classIndex] += allocations[i].face;
        }
        uint64[] memory faces = DealTerms.originalFaces(code);
        for (uint256 i = 0; i < classes; ++i) {
            uint256 face = faces[i];
            require(allocated[i] == face, AllocationMismatch(i, allocated[i], face));
        }
    }

    function _deal(uint64 dealId) private view returns (Deal storage deal) {
        deal = _storage().deals[dealId];
        require(deal.code != address(0), DealUnknown(dealId));
    }

    function _authorizeUpgrade(address) internal override restricted {}

    function _storage() private pure returns (FactoryStorage storage $) {
        assembly ("memory-safe") {
            $.slot := STORAGE_LOCATION
        }
    }
}
