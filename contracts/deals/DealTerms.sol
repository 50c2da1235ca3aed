// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Reads a deal's terms out of its code blob.
/// @notice The runtime code of one contract per deal is `0x00 ‖ terms ‖ addresses`. It never changes,
/// so everything read here may be cached. Offsets are those of the pinned deal-code format; all
/// integers are big-endian, money is in cents, times are unix seconds.
library DealTerms {
    /// @notice Length of the fixed header at the start of the terms, in bytes.
    uint256 internal constant HEADER_LENGTH = 96;

    /// @notice "There is no further record time": later than every time that a calendar can hold.
    uint40 internal constant NEVER = type(uint40).max;

    /// @notice Position of the figure that a run distributes, in every deal.
    uint256 internal constant AVAILABLE_FUNDS = 3;

    /// @notice The deal code is absent, too short for its own lengths, or of an unknown format.
    error DealCodeMalformed(address code);

    /// @notice The calendar has no row for this period (periods start at 1).
    error PeriodUnknown(address code, uint256 period);

    /// @notice The header's 96 bytes as three words.
    function headerWords(address code) internal view returns (uint256 a, uint256 b, uint256 c) {
        if (code.code.length < HEADER_LENGTH + 1) revert DealCodeMalformed(code);
        assembly ("memory-safe") {
            // Scratch beyond the free pointer, read back at once and never allocated.
            let scratch := mload(0x40)
            extcodecopy(code, scratch, 1, HEADER_LENGTH)
            a := mload(scratch)
            b := mload(add(scratch, 32))
            c := mload(add(scratch, 64))
        }
        if (a >> 248 != 2) revert DealCodeMalformed(code);
    }

    /// @notice keccak256 of the terms, without the addresses behind them.
    function termsHash(address code) internal view returns (bytes32 hash) {
        (, uint256 b, ) = headerWords(code);
        uint256 length = uint16(b >> 144);
        if (code.code.length < length + 1) revert DealCodeMalformed(code);
        assembly ("memory-safe") {
            let scratch := mload(0x40)
            extcodecopy(code, scratch, 1, length)
            hash := keccak256(scratch, length)
        }
    }

    /// @notice Original face of every class, in cents, in class order.
    function originalFaces(address code) internal view returns (uint64[] memory faces) {
        (uint256 a, , ) = headerWords(code);
        faces = new uint64[](uint8(a >> 240));
        for (uint256 i = 0; i < faces.length; i++) {
            faces[i] = uint64(wordAt(code, uint16(a >> 96) + i * 32) >> 192);
        }
    }

    /// @notice What the originator deposits at closing into each account, in cents.
    function initialDeposits(address code) internal view returns (uint64[] memory deposits) {
        (uint256 a, , ) = headerWords(code);
        deposits = new uint64[](uint8(a >> 232));
        for (uint256 i = 0; i < deposits.length; i++) {
            deposits[i] = uint64(wordAt(code, uint16(a >> 48) + i * 16) >> 184);
        }
    }

    /// @notice When the deal may be closed: from its closing time, before the first record time.
    function closingWindow(address code) internal view returns (uint40 from, uint40 until) {
        (, uint256 b, ) = headerWords(code);
        return (uint40(b >> 104), uint40(wordAt(code, uint16(b >> 176)) >> 176));
    }

    /// @notice The record window that `time` lies in: the last period whose record time is at or
    /// before `time` (0 before the first), and the record time at which that window ends.
    /// @param from A period whose record time is known to have passed (0 if none is known). The
    /// window right after it is tried first, so a caller that keeps up pays one or two probes.
    /// @return period 0 to the number of periods.
    /// @return nextRecordTime Record time of `period + 1`; `NEVER` in the last window.
    function recordWindow(
        address code,
        uint256 from,
        uint256 time
    ) internal view returns (uint16 period, uint40 nextRecordTime) {
        (uint256 a, uint256 b, ) = headerWords(code);
        uint256 rows = uint16(b >> 176);
        uint256 stride = uint8(a >> 128);
        uint256 high = uint16(a >> 112);
        uint256 low = from;
        nextRecordTime = NEVER;
        uint256 probe = from + 1;
        // Invariant: record(low) <= time < record(high + 1) = nextRecordTime.
        while (low < high) {
            uint40 probed = uint40(wordAt(code, rows + (probe - 1) * stride) >> 176);
            if (probed <= time) {
                low = probe;
            } else {
                high = probe - 1;
                nextRecordTime = probed;
            }
            probe = low == from + 1 && high > low ? low + 1 : (low + high + 1) / 2;
        }
        period = uint16(low);
    }

    /// @notice Copies into memory what a run of `period` reads: the terms up to the calendar, and
    /// the calendar rows of the period before, of the period and of the period after (where they
    /// exist).
    /// @return terms Memory position of the terms.
    /// @return row Memory position of the period's row; `stride` bytes before and behind it lie its
    /// neighbours.
    function copyForRun(
        address code,
        uint256 period
    ) internal view returns (uint256 terms, uint256 row) {
        (uint256 a, uint256 b, ) = headerWords(code);
        uint256 stride = uint8(a >> 128);
        uint256 periods = uint16(a >> 112);
        if (period == 0 || period > periods) revert PeriodUnknown(code, period);
        uint256 calendarOff = uint16(b >> 176);
        uint256 first = period == 1 ? 1 : period - 1;
        uint256 last = period == periods ? period : period + 1;
        uint256 rowsAt = calendarOff + (first - 1) * stride;
        uint256 rowsLength = (last + 1 - first) * stride;
        assembly ("memory-safe") {
            terms := mload(0x40)
            extcodecopy(code, terms, 1, calendarOff)
            row := add(terms, calendarOff)
            extcodecopy(code, row, add(rowsAt, 1), rowsLength)
            // 32 bytes more, so that a word read at the last byte stays inside.
            let end := add(add(row, rowsLength), 32)
            mstore(0x40, and(add(end, 31), not(31)))
        }
        row += (period - first) * stride;
    }

    /// @notice Copies the header into memory, where it is read like the terms that it begins.
    function copyHeader(address code) internal view returns (uint256 terms) {
        (uint256 a, uint256 b, uint256 c) = headerWords(code);
        assembly ("memory-safe") {
            terms := mload(0x40)
            mstore(terms, a)
            mstore(add(terms, 32), b)
            mstore(add(terms, 64), c)
            mstore(0x40, add(terms, HEADER_LENGTH))
        }
    }

    /// @notice Copies the header and, behind it, the times of a period and of the one after it (zero
    /// when there is none).
    /// @return terms Memory position of the header.
    /// @return row Memory position of the first bytes of the period's calendar row, of which the times
    /// can be read; those of the next row lie 32 bytes behind it.
    function copyTimes(
        address code,
        uint256 period
    ) internal view returns (uint256 terms, uint256 row) {
        terms = copyHeader(code);
        assembly ("memory-safe") {
            row := add(terms, HEADER_LENGTH)
            mstore(0x40, add(row, 64))
            let stride := byte(15, mload(terms))
            let at := add(shr(240, mload(add(terms, 40))), add(mul(stride, sub(period, 1)), 1))
            extcodecopy(code, row, at, 32)
            extcodecopy(code, add(row, 32), add(at, stride), 32)
        }
        uint256 periods;
        assembly ("memory-safe") {
            periods := shr(240, mload(add(terms, 16)))
        }
        if (period == 0 || period > periods) revert PeriodUnknown(code, period);
    }

    /// @notice Copies the addresses behind the terms into memory: cash token, class tokens, payees.
    /// @param terms Memory position of the terms, from `copyForRun`.
    /// @return addresses Memory position of the first; 20 bytes each.
    function copyAddresses(address code, uint256 terms) internal view returns (uint256 addresses) {
        assembly ("memory-safe") {
            let offset := add(shr(240, mload(add(terms, 44))), 1)
            let length := mul(add(1, add(byte(1, mload(terms)), byte(4, mload(terms)))), 20)
            addresses := mload(0x40)
            extcodecopy(code, addresses, offset, length)
            mstore(0x40, and(add(add(addresses, length), 63), not(31)))
        }
    }

    /// @notice Address `index` of the list that `copyAddresses` has laid out.
    function addressIn(uint256 addresses, uint256 index) internal pure returns (address found) {
        assembly ("memory-safe") {
            found := shr(96, mload(add(addresses, mul(index, 20))))
        }
    }

    /// @notice Record time of the calendar row at memory position `row`.
    function recordTimeIn(uint256 row) internal pure returns (uint256 time) {
        assembly ("memory-safe") {
            time := shr(216, mload(add(row, 5)))
        }
    }

    /// @notice Payment time of the calendar row at memory position `row`.
    function paymentTimeIn(uint256 row) internal pure returns (uint256 time) {
        assembly ("memory-safe") {
            time := shr(216, mload(add(row, 10)))
        }
    }

    /// @notice The 32 bytes at `offset` of the terms; bytes past the end of the code read as zero.
    function wordAt(address code, uint256 offset) internal view returns (uint256 w) {
        assembly ("memory-safe") {
            extcodecopy(code, 0, add(offset, 1), 32)
            w := mload(0)
        }
    }
}
