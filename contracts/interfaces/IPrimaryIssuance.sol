// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Delivery against payment of an initial issue.
/// @notice Investors subscribe; an issuer closes the deal over their subscriptions in one transaction: each pays the originator
///  in the deal's cash token, and gets the notes that it has paid for. Whatever of it fails, all of it fails. The contract never
///  holds cash. Investors approve it for what their subscriptions may cost; it moves cash only as a subscription says.
interface IPrimaryIssuance {
    /// @notice An investor's order. Filled at most once, in whole or, down to `leastFace`, in part.
    /// @param dealId the deal
    /// @param classIndex class, in the order of the terms
    /// @param face original face in cents, the most that is wanted
    /// @param leastFace the least that is taken, cents
    /// @param priceWad price of one unit of face, 1e18 = par
    /// @param investor who pays and gets the notes
    /// @param deadline the last second at which the order may be filled, unix seconds
    /// @param salt tells orders apart that are otherwise alike
    /// @param dealHash hash of the deal's code hash (terms, cash token, class tokens, payees, feeds) and of the originator, who is
    ///  paid: what a deal id means may change with a re-organisation of the chain, this may not
    struct Subscription {
        uint64 dealId;
        uint8 classIndex;
        uint64 face;
        uint64 leastFace;
        uint256 priceWad;
        address investor;
        uint40 deadline;
        bytes32 salt;
        bytes32 dealHash;
    }

    /// @notice What of a subscription is filled.
    /// @param subscription the order
    /// @param signature the investor's, EOA or ERC-1271; not looked at when he has placed the order himself
    /// @param face original face in cents, leastFace..face of the order
    struct Allotment {
        Subscription subscription;
        bytes signature;
        uint64 face;
    }

    /// @notice Where an order stands. `Open`: nothing is known of it here; it is good with a signature.
    enum SubscriptionState {
        Open,
        Placed,
        Filled,
        Cancelled
    }

    /// @notice An investor has placed an order himself, which thus needs no signature.
    event SubscriptionPlaced(
        uint64 indexed dealId,
        address indexed investor,
        bytes32 indexed digest,
        Subscription subscription
    );

    /// @notice An investor has cancelled an order; it can never be filled.
    event SubscriptionCancelled(
        uint64 indexed dealId,
        address indexed investor,
        bytes32 indexed digest
    );

    /// @notice An order was filled: the investor has paid `paidCents` to the originator for notes of this face.
    event SubscriptionFilled(
        uint64 indexed dealId,
        address indexed investor,
        bytes32 indexed digest,
        uint8 classIndex,
        uint64 face,
        uint256 paidCents
    );

    /// @notice The whole issue was delivered, and the originator has received `proceedsCents` for it.
    event IssueSettled(uint64 indexed dealId, address indexed originator, uint256 proceedsCents);

    /// @notice The factory is no contract.
    error FactoryMissing();
    /// @notice Only the investor places and cancels his orders.
    error CallerNotInvestor(address caller, address investor);
    /// @notice The order was filled, cancelled, or, where it is to be placed, placed before.
    error SubscriptionSpent(address investor, bytes32 digest, SubscriptionState state);
    /// @notice The order is for another deal, or for other terms, cash, tokens or another originator.
    error SubscriptionElsewhere(address investor, uint64 dealId, bytes32 dealHash);
    /// @notice The order's time has passed.
    error SubscriptionExpired(address investor, uint40 deadline);
    /// @notice The face allotted is zero or outside of what the order takes.
    error FaceOutsideSubscription(address investor, uint64 face, uint64 least, uint64 most);
    /// @notice The investor has neither placed nor signed the order.
    error SubscriptionNotSigned(address investor, bytes32 digest);
    /// @notice The cash token did not take the price from the investor: no approval, no balance, or a blocked address.
    error PaymentFailed(address investor, uint256 units);
    /// @notice The originator received another amount than the price (a fee on transfer, a callback that moved cash).
    error PaymentReceivedWrong(address investor, uint256 expectedUnits, uint256 receivedUnits);

    /// @notice Places an order as its investor.
    function subscribe(Subscription calldata subscription) external;

    /// @notice Cancels an order as its investor, whether it was placed or signed.
    function cancel(Subscription calldata subscription) external;

    /// @notice Closes the deal over the allotments: cash from each investor to the originator, then the notes to each investor and
    ///  the initial deposits from the originator, all in this transaction. The price is ceil(face x priceWad / 1e18) cents; an
    ///  originator that keeps notes pays nothing to itself. Restricted (ISSUER); this contract must be an issuer of the factory.
    function close(uint64 dealId, Allotment[] calldata allotments) external;

    /// @notice The EIP-712 digest that an investor signs.
    function subscriptionDigest(Subscription calldata subscription) external view returns (bytes32);

    /// @notice Where an order stands.
    function subscriptionState(
        Subscription calldata subscription
    ) external view returns (SubscriptionState);

    /// @notice What an order for the deal names as its `dealHash`.
    function dealHashOf(uint64 dealId) external view returns (bytes32);
}
