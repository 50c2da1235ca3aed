// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {AutomationCompatibleInterface} from "@chainlink/contracts/src/v0.8/automation/interfaces/AutomationCompatibleInterface.sol";
import {DealTerms} from "../deals/DealTerms.sol";
import {IReportRegistry} from "../interfaces/IReportRegistry.sol";
import {ITrancheToken} from "../interfaces/ITrancheToken.sol";
import {IWaterfallDistributor} from "../interfaces/IWaterfallDistributor.sol";
import {CashMoves} from "./CashMoves.sol";
import {DealLedger, DealLedgers, FLAG_OPEN, Head} from "./DealLedger.sol";
import {MemoryWords} from "./MemoryWords.sol";
import {Distributions} from "./Distributions.sol";
import {LedgerViews} from "./LedgerViews.sol";

/// @title Escrows each deal's cash, runs its priority of payments and pays what came out of it.
/// @notice Only the factory makes deals known; engine, factory, report registry, compliance registry and
/// run inputs are fixed in the code (cheaper than a role lookup or a slot). No role can move a deal's cash: beside an upgrade of
/// the contract, restricted and delayed, the only privilege is to return what was sent here past the ledger.
contract WaterfallDistributor is
    Distributions,
    AutomationCompatibleInterface,
    AccessManagedUpgradeable,
    UUPSUpgradeable,
    ReentrancyGuardTransient
{
    using DealLedgers for DealLedger;
    using MemoryWords for uint256;
    using SafeERC20 for IERC20;

    /// @param links The contracts that this implementation works with.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(Links memory links) LedgerViews(links) {
        _disableInitializers();
    }

    /// @notice Sets the role book.
    function initialize(address authority) external initializer {
        __AccessManaged_init(authority);
    }

    modifier onlyFactory() {
        if (msg.sender != FACTORY) revert CallerNotFactory(msg.sender);
        _;
    }

    /// @inheritdoc IWaterfallDistributor
    function registerDeal(
        uint64 dealId,
        address code,
        address[] calldata tokens
    ) external onlyFactory {
        uint256 terms = DealTerms.copyHeader(code);
        uint256 addresses = DealTerms.copyAddresses(code, terms);
        address cash = DealTerms.addressIn(addresses, 0);
        uint256 decimals = (terms + 13).u8();
        if (cash.code.length == 0 || IERC20Metadata(cash).decimals() != decimals) {
            revert CashTokenMismatch(cash);
        }
        Ledgers storage $ = _ledgers();
        DealLedger storage ledger = $.deals[dealId];
        if (dealId == 0 || dealId > type(uint24).max) revert DealIdOutOfRange(dealId);
        if (ledger.head != 0) revert DealKnown(dealId);
        ledger.head = uint256(uint160(code)) << 96;
        ledger.cash = ((decimals - 2) << 160) | uint160(cash);
        ledger.historyHash = DealTerms.termsHash(code);
        ledger.clearLanes(DealLedgers.laneWords(terms));
        ledger.clearEscrows(tokens.length);
        uint64[] storage deals = $.dealsOf[cash];
        if (deals.length == 0) $.cashTokens.push(cash);
        deals.push(dealId);
        if (tokens.length != (terms + 1).u8()) revert ClassCountMismatch(dealId, tokens.length);
        for (uint256 i = 0; i < tokens.length; i++) {
            address token = tokens[i];
            if (token != DealTerms.addressIn(addresses, 1 + i) || $.classes[token] != 0) {
                revert ClassTokenMismatch(dealId, i, token);
            }
            $.classes[token] = (uint256(uint160(cash)) << 96) | (uint256(dealId) << 8) | i;
        }
        emit DealRegistered(dealId, code, cash);
    }

    /// @inheritdoc IWaterfallDistributor
    function openDeal(uint64 dealId, address originator) external onlyFactory nonReentrant {
        (DealLedger storage ledger, Head head) = _deal(dealId);
        if (head.isOpen()) revert DealOpenAlready(dealId);
        (uint256 terms, ) = DealTerms.copyForRun(head.code(), 1);
        uint256 place = terms + (terms + 18).u16();
        for (uint256 i = 0; i < (terms + 1).u8(); i++) {
            ledger.classWords[i] = ((place + i * 32).word() >> 192) << 192;
        }
        uint256 cents = _openLanes(ledger, terms);
        ledger.head = Head.unwrap(head) | (FLAG_OPEN << 64);
        emit DealOpened(dealId, originator, cents);
        (address cash, uint256 scale) = _cash(ledger);
        if (cents != 0) CashMoves.pull(cash, originator, cents * scale);
    }

    /// @dev The accounts start with their initial deposits, the variables with their initial values.
    /// @return cents All deposits.
    function _openLanes(DealLedger storage ledger, uint256 terms) private returns (uint256 cents) {
        uint256 lane = (terms + 2).u8();
        uint256 place = terms + (terms + 24).u16() + 1;
        for (uint256 i = 0; i < lane; i++) {
            uint256 deposit = (place + i * 16).word() >> 192;
            ledger.setLane(i, deposit);
            cents += deposit;
        }
        // Unpaid fees, used caps and ledgers start at zero.
        lane += (terms + 3).u8() + (terms + 5).u8() + (terms + 57).u8();
        place = terms + (terms + 78).u16();
        for (uint256 i = 0; i < (terms + 58).u8(); i++) {
            ledger.setLane(lane + i, (place + i * 16).word() >> 192);
        }
    }

    /// @inheritdoc IWaterfallDistributor
    function fund(uint64 dealId, uint64 cents) external nonReentrant {
        _fund(dealId, cents);
    }

    /// @inheritdoc IWaterfallDistributor
    function deliver(
        IReportRegistry.Report calldata report,
        address[] calldata,
        bytes[] calldata,
        uint64 cents
    ) external nonReentrant {
        // The arguments of `publishReport`, and one word behind their heads that it does not look at.
        _forward(address(REPORTS), IReportRegistry.publishReport.selector, msg.data[4:]);
        _fund(report.dealId, cents);
    }

    function _fund(uint64 dealId, uint64 cents) private {
        if (cents == 0) revert AmountZero();
        (DealLedger storage ledger, Head head) = _deal(dealId);
        // Cash that no run can ever spend would be locked here: before closing (which may never come) and after the end.
        if (!head.isOpen()) revert DealNotOpen(dealId);
        (uint256 terms, , ) = DealTerms.headerWords(head.code());
        if (head.lastPeriod() == uint16(terms >> 112)) revert PeriodsEnded(dealId);
        uint256 collections = head.collections() + cents;
        if (collections > type(uint64).max) revert CollectionsTooLarge(dealId);
        ledger.head = Head.unwrap(head) + cents;
        emit CollectionsFunded(dealId, msg.sender, cents, collections);
        (address cash, uint256 scale) = _cash(ledger);
        CashMoves.pull(cash, msg.sender, cents * scale);
    }

    /// @inheritdoc IWaterfallDistributor
    function distribute(IReportRegistry.Report calldata report) external nonReentrant {
        _distribute(report);
    }

    /// @inheritdoc IWaterfallDistributor
    function claim(address token, address holder) external nonReentrant {
        uint256 class = _ledgers().classes[token];
        if (class == 0) revert TokenUnknown(token);
        // The holder as it lies in the calldata, where the decoder has found it to be an address.
        bytes calldata argument;
        assembly ("memory-safe") {
            argument.offset := 36
            argument.length := 32
        }
        (uint256 interest, uint256 principal, uint256 size) = _forward(
            token,
            ITrancheToken.collect.selector,
            argument
        );
        if (size != 64) revert TokenUnknown(token);
        if (interest + principal == 0) return;
        _bookClaim(class, token, holder, interest, principal);
        IERC20(address(uint160(class >> 96))).safeTransfer(holder, interest + principal);
    }

    /// @inheritdoc IWaterfallDistributor
    function claimTo(
        address token,
        address holder,
        address payee,
        uint256 deadline,
        bytes calldata signature
    ) external nonReentrant {
        uint256 class = _ledgers().classes[token];
        if (class == 0) revert TokenUnknown(token);
        // Cash that is paid to this contract would belong to nobody.
        if (payee == address(this)) revert ClaimPayeeInvalid(payee);
        (uint256 interest, uint256 principal) = ITrancheToken(token).collectTo(
            holder,
            payee,
            deadline,
            signature
        );
        if (interest + principal == 0) return;
        _bookClaim(class, token, holder, interest, principal);
        emit ClaimRedirected(token, holder, payee);
        IERC20(address(uint160(class >> 96))).safeTransfer(payee, interest + principal);
    }

    /// @inheritdoc IWaterfallDistributor
    function claimBatch(HolderClaim[] calldata claims) external {
        for (uint256 i = 0; i < claims.length; i++) {
            // Each is guarded, and each fails, by itself: what a frozen holder is owed stays owed.
            try this.claim(claims[i].token, claims[i].holder) {} catch {
                emit ClaimFailed(claims[i].token, claims[i].holder);
            }
        }
    }

    /// @dev The token hands out no more than it was funded with; were it wrong, this would stop it from
    /// reaching for the cash of another class.
    function _bookClaim(
        uint256 class,
        address token,
        address holder,
        uint256 interest,
        uint256 principal
    ) private {
        uint64 dealId = uint64(class >> 8);
        uint256 units = interest + principal;
        if (!_ledgers().deals[dealId].lowerEscrow(uint8(class), units)) {
            revert EscrowShort(token, units);
        }
        emit Claimed(dealId, token, holder, interest, principal);
    }

    /// @inheritdoc IWaterfallDistributor
    function withdrawPayee(uint64 dealId, uint8 payeeIndex) external nonReentrant {
        (DealLedger storage ledger, Head head) = _deal(dealId);
        uint256 cents = ledger.payeesOwed[payeeIndex];
        if (cents == 0) revert PayeeOwedNothing(dealId, payeeIndex);
        delete ledger.payeesOwed[payeeIndex];
        emit PayeeWithdrawn(dealId, payeeIndex, cents);
        uint256 terms = DealTerms.copyHeader(head.code());
        address payee = DealTerms.addressIn(
            DealTerms.copyAddresses(head.code(), terms),
            1 + (terms + 1).u8() + payeeIndex
        );
        (address cash, uint256 scale) = _cash(ledger);
        IERC20(cash).safeTransfer(payee, cents * scale);
    }

    /// @inheritdoc IWaterfallDistributor
    function returnStray(address token, address to) external restricted nonReentrant {
        uint256 balance = IERC20(token).balanceOf(address(this));
        uint256 held = heldFor(token);
        if (balance <= held) revert StrayMissing(token);
        bytes32 others = _otherBalances(token);
        emit StrayReturned(token, to, balance - held);
        IERC20(token).safeTransfer(to, balance - held);
        if (others != _otherBalances(token)) revert StrayNotApart(token);
    }

    /// @dev A commitment to what is here of every cash token but `token`: some tokens can be moved through two addresses, and
    /// under the other one nothing seems to belong to anybody.
    function _otherBalances(address token) private view returns (bytes32 hash) {
        address[] storage cashTokens = _ledgers().cashTokens;
        for (uint256 i = 0; i < cashTokens.length; i++) {
            address cash = cashTokens[i];
            if (cash == token) continue;
            hash = keccak256(abi.encode(hash, IERC20(cash).balanceOf(address(this))));
        }
    }

    /// @notice Chainlink Automation: whether `distribute` can run on the report in `checkData`
    /// (`abi.encode(Report)`).
    function checkUpkeep(
        bytes calldata checkData
    ) external view returns (bool upkeepNeeded, bytes memory performData) {
        IReportRegistry.Report calldata report;
        assembly ("memory-safe") {
            // The encoding of one struct: the offset of its body first.
            report := add(checkData.offset, calldataload(checkData.offset))
        }
        return (_isReady(report), checkData);
    }

    /// @notice Chainlink Automation: distributes on the report in `performData`. Anyone may call.
    function performUpkeep(bytes calldata performData) external {
        // The encoding of one struct is the encoding of the arguments of `distribute`, which decodes,
        // guards and checks it.
        _forward(address(this), this.distribute.selector, performData);
    }

    /// @dev Only the AccessManager's upgraders, after its delay.
    function _authorizeUpgrade(address) internal override restricted {}
}
