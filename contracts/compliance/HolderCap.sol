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

    /// @dev Sized for 16 classes: 17 valuation lanes, 16 faces.
    struct Book {
        uint256[5] valuation;
        mapping(bytes32 identityId => uint256[4]) holdings;
    }

    /// @notice Sets factors and limit from the classes' current balances and original faces, all in cents.
    function setValuation(
        Book storage book,
        uint64[] memory balances,
        uint64[] memory faces,
        uint256 capBps
    ) internal {
        uint256 total;
        uint256 word;
        // Nothing overflows: at most 16 lanes of 64 bits, times 2^60.
        unchecked {
            for (uint256 c = balances.length; c != 0; --c) {
                uint256 face;
                uint256 left;
                // Both arrays have an entry per class: the callers have compared their lengths.
                assembly ("memory-safe") {
                    face := mload(add(faces, shl(5, c)))
                    left := mload(add(balances, shl(5, c)))
                }
                total += left;
                word = (word << 64) | (face == 0 ? 0 : factorOf(left, face));
                if (c & 3 == 0) {
                    book.valuation[c / 4] = word;
                    word = 0;
                }
            }
            uint256 most = capBps == NO_CAP_BPS ? NO_LIMIT : limitOf(total, capBps);
            book.valuation[0] = (word << 64) | most;
        }
    }

    /// @notice The most that an identity may hold, in cents of current principal.
    function limit(Book storage book) internal view returns (uint256) {
        return uint64(book.valuation[0]);
    }

    /// @notice What the identity would hold with `added` cents of face of one class in addition, in cents of current principal,
    ///  if that is more than it may; zero if it may. A passive breach stands: without an increase nothing is refused.
    function excess(
        Book storage book,
        bytes32 identityId,
        uint256 classCount,
        uint256 classIndex,
        uint256 added
    ) internal view returns (uint256 principal) {
        uint256 valuation = book.valuation[0];
        if (uint64(valuation) == NO_LIMIT || added == 0) return 0;
        uint256[4] storage held = book.holdings[identityId];
        uint256 faces = held[0];
        if (faces & EXEMPT != 0) return 0;
        principal = _value(book, held, valuation, faces, classCount, classIndex, added);
        if (principal <= uint64(valuation)) return 0;
    }

    /// @notice What the identity holds of the deal and would hold with `added` cents of face of one class, in cents of
    ///  current principal, rounded down.
    function principalWith(
        Book storage book,
        bytes32 identityId,
        uint256 classCount,
        uint256 classIndex,
        uint256 added
    ) internal view returns (uint256) {
        uint256[4] storage held = book.holdings[identityId];
        uint256 valuation = book.valuation[0];
        return _value(book, held, valuation, held[0], classCount, classIndex, added);
    }

    /// @notice Whether the cap has a say when the identity's holding grows by `added`.
    function isAsked(
        Book storage book,
        bytes32 identityId,
        uint256 added
    ) internal view returns (bool) {
        return
            added != 0 &&
            uint64(book.valuation[0]) != NO_LIMIT &&
            book.holdings[identityId][0] & EXEMPT == 0;
    }

    /// @notice What the identity holds of one class with `further` cents of face, times 1e18; the sum over all classes is
    ///  what `cents` rounds.
    function scaled(
        Book storage book,
        bytes32 identityId,
        uint256 classIndex,
        uint256 further
    ) internal view returns (uint256) {
        uint256 lane = classIndex + 1;
        uint256 factor = uint64(book.valuation[lane / 4] >> (64 * (lane % 4)));
        return (faceOf(book, identityId, classIndex) + further) * factor;
    }

    /// @notice Cents of current principal, rounded down.
    function cents(uint256 sum) internal pure returns (uint256) {
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
        unchecked {
            uint256[4] storage held = book.holdings[identityId];
            uint256 shift = 48 * (classIndex % 5);
            uint256 word = held[classIndex / 5];
            assert(face <= MAX_FACE - ((word >> shift) & MAX_FACE));
            held[classIndex / 5] = word + (face << shift);
        }
    }

    /// @notice Books `face` cents less. An identity holds at least what each of its wallets holds.
    function subtract(
        Book storage book,
        bytes32 identityId,
        uint256 classIndex,
        uint256 face
    ) internal {
        unchecked {
            uint256[4] storage held = book.holdings[identityId];
            uint256 shift = 48 * (classIndex % 5);
            uint256 word = held[classIndex / 5];
            assert(face <= (word >> shift) & MAX_FACE);
            held[classIndex / 5] = word - (face << shift);
        }
    }

    function isExempt(Book storage book, bytes32 identityId) internal view returns (bool) {
        return book.holdings[identityId][0] & EXEMPT != 0;
    }

    function setExempt(Book storage book, bytes32 identityId, bool exempt) internal {
        uint256 word = book.holdings[identityId][0];
        book.holdings[identityId][0] = exempt ? word | EXEMPT : word & ~EXEMPT;
    }

    /// @dev Sum of face times factor. The first three classes stand in the first words, which the caller has loaded; a class
    ///  that the deal lacks has factor zero. Nothing overflows: 17 products of two lanes, and the added face is cut to one
    ///  lane (only a view asks for more).
    function _value(
        Book storage book,
        uint256[4] storage held,
        uint256 factors,
        uint256 faces,
        uint256 classCount,
        uint256 classIndex,
        uint256 added
    ) private view returns (uint256 sum) {
        unchecked {
            sum =
                (faces & MAX_FACE) * uint64(factors >> 64) +
                ((faces >> 48) & MAX_FACE) * uint64(factors >> 128) +
                ((faces >> 96) & MAX_FACE) * (factors >> 192);
            if (added > MAX_FACE) added = MAX_FACE;
            if (classIndex < 3) sum += added * uint64(factors >> (64 * (classIndex + 1)));
            for (uint256 c = 3; c < classCount; ++c) {
                uint256 face = (held[c / 5] >> (48 * (c % 5))) & MAX_FACE;
                if (c == classIndex) face += added;
                sum += face * uint64(book.valuation[(c + 1) / 4] >> (64 * ((c + 1) % 4)));
            }
            return sum / WAD;
        }
    }

    /// @notice Current principal per cent of face, WAD, rounded up. `face` is above zero.
    function factorOf(uint256 balance, uint256 face) internal pure returns (uint256) {
        unchecked {
            return _cut((balance * WAD + face - 1) / face);
        }
    }

    /// @notice The cap in cents, rounded down.
    function limitOf(uint256 total, uint256 capBps) internal pure returns (uint256) {
        unchecked {
            return _cut((total * capBps) / BPS);
        }
    }

    function _cut(uint256 value) private pure returns (uint256) {
        return value > type(uint64).max ? type(uint64).max : value;
    }
}
