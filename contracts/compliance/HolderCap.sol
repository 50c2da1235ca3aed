// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title What each identity holds of a deal, and how much it may hold.
/// @dev Faces are booked per identity and class, u48 lanes, five a word; word 0's top bit exempts the identity from the cap.
///  They are valued with one factor per class (WAD), kept with the limit in u64 lanes, four a word, limit first: a deal of
///  three classes costs a transfer one load for the valuation and one per identity for the holdings.
///
///  Rounding: the factor is rounded up and the value and the limit down to cents. So a value is never below the exact one's
///  whole cents, exact values of whole cents come out exact, and the excess is below 16 * 2^48 / 1e18 = 0.005 cents.
library HolderCap {
    /// @notice The limit of a deal without a cap.
    uint256 internal constant NO_LIMIT = type(uint64).max;

    /// @notice `holderCapBps` of a deal without a cap.
    uint256 internal constant NO_CAP_BPS = 0xffff;

    uint256 private constant WAD = 1e18;
    uint256 private constant BPS = 10_000;
    uint256 private constant MAX_FACE = type(uint48).max;
    uint256 private constant EXEMPT = 1 << 255;

    struct Book {
        mapping(uint256 word => uint256) valuation;
        mapping(bytes32 identityId => mapping(uint256 word => uint256)) holdings;
    }

    /// @notice A face that an identity would hold in addition.
    /// @param classCount classes of the deal
    /// @param classIndex class of the added face
    /// @param face added cents; may be zero
    struct Increase {
        uint256 classCount;
        uint256 classIndex;
        uint256 face;
    }

    /// @notice Sets factors and limit from the classes' current balances and original faces, all in cents.
    function setValuation(
        Book storage book,
        uint64[] memory balances,
        uint64[] memory faces,
        uint256 capBps
    ) internal {
        uint256 total;
        for (uint256 c = 0; c < balances.length; c++) total += balances[c];
        uint256 word = capBps == NO_CAP_BPS ? NO_LIMIT : _cut((total * capBps) / BPS);
        for (uint256 c = 0; c < balances.length; c++) {
            uint256 lane = (c + 1) % 4;
            if (lane == 0) {
                book.valuation[c / 4] = word;
                word = 0;
            }
            uint256 face = faces[c];
            uint256 factorUp = face == 0 ? 0 : (balances[c] * WAD + face - 1) / face;
            word |= _cut(factorUp) << (64 * lane);
        }
        book.valuation[balances.length / 4] = word;
    }

    /// @notice The most that an identity may hold, in cents of current principal.
    function limit(Book storage book) internal view returns (uint256) {
        return uint64(book.valuation[0]);
    }

    /// @notice What the identity would hold with the increase, in cents of current principal, rounded down.
    function principalOf(
        Book storage book,
        bytes32 identityId,
        Increase memory increase
    ) internal view returns (uint256) {
        mapping(uint256 => uint256) storage holdings = book.holdings[identityId];
        // A face beyond any supply can only be asked for by a view: cut so that the sum can't overflow.
        uint256 added = increase.face > MAX_FACE ? MAX_FACE : increase.face;
        uint256 count = increase.classCount;
        uint256 factors = book.valuation[0];
        uint256 faces;
        uint256 sum;
        for (uint256 c = 0; c < count; c++) {
            if ((c + 1) % 4 == 0) factors = book.valuation[(c + 1) / 4];
            if (c % 5 == 0) faces = holdings[c / 5];
            uint256 face = (faces >> (48 * (c % 5))) & MAX_FACE;
            if (c == increase.classIndex) face += added;
            sum += face * uint64(factors >> (64 * ((c + 1) % 4)));
        }
        return sum / WAD;
    }

    /// @notice Face that the identity holds of a class, cents.
    function faceOf(
        Book storage book,
        bytes32 identityId,
        uint256 classIndex
    ) internal view returns (uint256) {
        return (book.holdings[identityId][classIndex / 5] >> (48 * (classIndex % 5))) & MAX_FACE;
    }

    /// @notice Books `face` cents more. The token's supply bounds what a lane can hold.
    function add(Book storage book, bytes32 identityId, uint256 classIndex, uint256 face) internal {
        uint256 shift = 48 * (classIndex % 5);
        uint256 word = book.holdings[identityId][classIndex / 5];
        assert(((word >> shift) & MAX_FACE) + face <= MAX_FACE);
        book.holdings[identityId][classIndex / 5] = word + (face << shift);
    }

    /// @notice Books `face` cents less. An identity holds at least what each of its wallets holds.
    function subtract(
        Book storage book,
        bytes32 identityId,
        uint256 classIndex,
        uint256 face
    ) internal {
        uint256 shift = 48 * (classIndex % 5);
        uint256 word = book.holdings[identityId][classIndex / 5];
        assert(((word >> shift) & MAX_FACE) >= face);
        book.holdings[identityId][classIndex / 5] = word - (face << shift);
    }

    function isExempt(Book storage book, bytes32 identityId) internal view returns (bool) {
        return book.holdings[identityId][0] & EXEMPT != 0;
    }

    function setExempt(Book storage book, bytes32 identityId, bool exempt) internal {
        uint256 word = book.holdings[identityId][0];
        book.holdings[identityId][0] = exempt ? word | EXEMPT : word & ~EXEMPT;
    }

    function _cut(uint256 value) private pure returns (uint256) {
        return value > type(uint64).max ? type(uint64).max : value;
    }
}
