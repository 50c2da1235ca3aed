// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IDealFactory} from "../interfaces/IDealFactory.sol";
import {IPrimaryIssuance} from "../interfaces/IPrimaryIssuance.sol";
import {MemoryWords} from "../waterfall/MemoryWords.sol";
import {DealTerms} from "./DealTerms.sol";

/// @title Delivery against payment of an initial issue (see IPrimaryIssuance).
/// @notice It cannot be upgraded: investors approve it for their cash, and what it does with it is fixed.
contract PrimaryIssuance is IPrimaryIssuance, AccessManaged, EIP712, ReentrancyGuardTransient {
    using MemoryWords for uint256;
    using SafeERC20 for IERC20;

    bytes32 private constant SUBSCRIPTION_TYPEHASH = keccak256(
        "Subscription(uint64 dealId,uint8 classIndex,uint64 face,uint64 leastFace,uint256 priceWad,address investor,uint40 deadline,bytes32 salt,bytes32 dealHash)"
    );

    uint256 private constant WAD = 1e18;

    /// @notice Creates and closes the deals.
    IDealFactory public immutable factory;

    mapping(bytes32 digest => SubscriptionState) private _states;

    /// @dev What the legs of one closing share. `scale` is the cash token's units per cent.
    struct Issue {
        uint64 dealId;
        bytes32 dealHash;
        IERC20 cash;
        uint256 scale;
        address originator;
    }

    /// @param authority The AccessManager.
    /// @param factory_ The DealFactory.
    constructor(
        address authority,
        IDealFactory factory_
    ) AccessManaged(authority) EIP712("Penstock", "1") {
        require(address(factory_).code.length != 0, FactoryMissing());
        factory = factory_;
    }

    /// @inheritdoc IPrimaryIssuance
    function subscribe(Subscription calldata subscription) external {
        bytes32 digest = _requireOpen(subscription);
        bytes32 dealHash = dealHashOf(subscription.dealId);
        require(
            subscription.dealHash == dealHash,
            SubscriptionElsewhere(subscription.investor, subscription.dealId, subscription.dealHash)
        );
        require(
            _states[digest] == SubscriptionState.Open,
            SubscriptionSpent(subscription.investor, digest, SubscriptionState.Placed)
        );
        _states[digest] = SubscriptionState.Placed;
        emit SubscriptionPlaced(subscription.dealId, subscription.investor, digest, subscription);
    }

    /// @inheritdoc IPrimaryIssuance
    function cancel(Subscription calldata subscription) external {
        bytes32 digest = _requireOpen(subscription);
        _states[digest] = SubscriptionState.Cancelled;
        emit SubscriptionCancelled(subscription.dealId, subscription.investor, digest);
    }

    /// @inheritdoc IPrimaryIssuance
    function close(
        uint64 dealId,
        Allotment[] calldata allotments
    ) external restricted nonReentrant {
        Issue memory issue = _issueOf(dealId);
        bytes32[] memory digests = new bytes32[](allotments.length);
        IDealFactory.Allocation[] memory allocations = new IDealFactory.Allocation[](
            allotments.length
        );
        // Every order is used up before any cash moves, so that no callback finds one that is still good.
        for (uint256 i = 0; i < allotments.length; ++i) {
            Allotment calldata part = allotments[i];
            digests[i] = _fill(issue, part);
            allocations[i] = IDealFactory.Allocation(
                part.subscription.classIndex,
                part.subscription.investor,
                part.face
            );
        }
        uint256 proceeds = _collect(issue, allotments, digests);
        factory.closeDeal(dealId, allocations);
        emit IssueSettled(dealId, issue.originator, proceeds);
    }

    /// @inheritdoc IPrimaryIssuance
    function subscriptionState(
        Subscription calldata subscription
    ) external view returns (SubscriptionState) {
        return _states[subscriptionDigest(subscription)];
    }

    /// @inheritdoc IPrimaryIssuance
    function subscriptionDigest(Subscription calldata subscription) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(SUBSCRIPTION_TYPEHASH, subscription)));
    }

    /// @inheritdoc IPrimaryIssuance
    function dealHashOf(uint64 dealId) public view returns (bytes32) {
        return _dealHash(factory.dealCode(dealId), factory.originatorOf(dealId));
    }

    /// @dev The caller's own order, neither filled nor cancelled.
    function _requireOpen(
        Subscription calldata subscription
    ) private view returns (bytes32 digest) {
        address investor = subscription.investor;
        require(msg.sender == investor, CallerNotInvestor(msg.sender, investor));
        digest = subscriptionDigest(subscription);
        SubscriptionState state = _states[digest];
        require(state < SubscriptionState.Filled, SubscriptionSpent(investor, digest, state));
    }

    function _issueOf(uint64 dealId) private view returns (Issue memory issue) {
        address code = factory.dealCode(dealId);
        uint256 terms = DealTerms.copyHeader(code);
        issue.dealId = dealId;
        issue.cash = IERC20(DealTerms.addressIn(DealTerms.copyAddresses(code, terms), 0));
        issue.scale = 10 ** ((terms + 13).u8() - 2);
        issue.originator = factory.originatorOf(dealId);
        issue.dealHash = _dealHash(code, issue.originator);
    }

    /// @dev What the deal is, and who is paid for it.
    function _dealHash(address code, address originator) private view returns (bytes32) {
        return keccak256(abi.encode(code.codehash, originator));
    }

    /// @dev Checks one allotment against its order and uses the order up.
    function _fill(Issue memory issue, Allotment calldata part) private returns (bytes32 digest) {
        Subscription calldata order = part.subscription;
        address investor = order.investor;
        require(
            order.dealId == issue.dealId && order.dealHash == issue.dealHash,
            SubscriptionElsewhere(investor, order.dealId, order.dealHash)
        );
        require(block.timestamp <= order.deadline, SubscriptionExpired(investor, order.deadline));
        require(
            part.face != 0 && part.face >= order.leastFace && part.face <= order.face,
            FaceOutsideSubscription(investor, part.face, order.leastFace, order.face)
        );
        digest = subscriptionDigest(order);
        SubscriptionState state = _states[digest];
        require(state < SubscriptionState.Filled, SubscriptionSpent(investor, digest, state));
        require(
            state == SubscriptionState.Placed ||
                SignatureChecker.isValidSignatureNowCalldata(investor, digest, part.signature),
            SubscriptionNotSigned(investor, digest)
        );
        _states[digest] = SubscriptionState.Filled;
    }

    /// @dev Takes every price from its investor to the originator; what arrives there is measured leg by leg.
    function _collect(
        Issue memory issue,
        Allotment[] calldata allotments,
        bytes32[] memory digests
    ) private returns (uint256 proceeds) {
        (IERC20 cash, address originator) = (issue.cash, issue.originator);
        uint256 balance = cash.balanceOf(originator);
        for (uint256 i = 0; i < allotments.length; ++i) {
            Subscription calldata order = allotments[i].subscription;
            uint64 face = allotments[i].face;
            address investor = order.investor;
            uint256 cents =
                investor == originator
                    ? 0
                    : Math.mulDiv(face, order.priceWad, WAD, Math.Rounding.Ceil);
            if (cents != 0) {
                uint256 units = cents * issue.scale;
                bool paid = cash.trySafeTransferFrom(investor, originator, units);
                require(paid, PaymentFailed(investor, units));
                uint256 next = cash.balanceOf(originator);
                // Where less is there than before, the difference wraps: it is not the price either.
                unchecked {
                    uint256 received = next - balance;
                    require(received == units, PaymentReceivedWrong(investor, units, received));
                }
                balance = next;
                proceeds += cents;
            }
            emit SubscriptionFilled(
                issue.dealId,
                investor,
                digests[i],
                order.classIndex,
                face,
                cents
            );
        }
    }
}
