// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DealTerms} from "../deals/DealTerms.sol";
import {IComplianceRegistry} from "../interfaces/IComplianceRegistry.sol";
import {IReportRegistry} from "../interfaces/IReportRegistry.sol";
import {ITrancheToken} from "../interfaces/ITrancheToken.sol";
import {CashMoves} from "./CashMoves.sol";
import {DealLedger, DealLedgers, FLAG_CARRY, FLAG_OPEN, Head} from "./DealLedger.sol";
import {LedgerViews} from "./LedgerViews.sol";
import {MemoryWords} from "./MemoryWords.sol";
import {RunWords} from "./RunWords.sol";
import {WaterfallEngine} from "./WaterfallEngine.sol";

/// @title One distribution: check, run the engine, store, then entitle and pay.
/// @notice State is final before any cash moves, and cash to payees moves last.
abstract contract Distributions is LedgerViews {
    using DealLedgers for DealLedger;
    using MemoryWords for uint256;

    /// @dev One distribution while it runs. `terms` is the memory position of the header of the terms,
    /// `addresses` that of the deal's addresses; the words are the state that the engine starts from and
    /// its result. `available` is what the run gives out of the collections, in cents.
    struct Distribution {
        uint256 dealId;
        uint256 period;
        Head head;
        uint256 scale;
        uint256 terms;
        uint256 addresses;
        bool inWindow;
        uint40 windowEnd;
        uint256 available;
        uint256[] classWords;
        uint256[] laneWords;
        uint256[] words;
        RunWords.Layout parts;
    }

    function _distribute(IReportRegistry.Report calldata report) internal {
        Distribution memory d;
        DealLedger storage ledger;
        (ledger, d.head) = _deal(report.dealId);
        (d.dealId, d.period) = (report.dealId, report.period);
        _prepare(d, report.figures.length);
        (bytes32 reportHash, int256[] memory differences) = _useReport(d, report.figures);

        _run(ledger, d, report.figures, differences);

        bytes32 resultHash = _store(ledger, d);
        _emitRun(d, reportHash, resultHash);
        if (report.resultHash != 0 && report.resultHash != resultHash) {
            emit ResultMismatch(report.dealId, report.period, report.resultHash, resultHash);
        }
        _fundClasses(ledger, d);
        _pushPayees(ledger, d);
    }

    /// @dev `useReport` has the arguments of `distribute`: they are handed on as they came, byte by byte,
    /// so that the registry hashes exactly what is distributed on.
    /// @return reportHash The report's hash.
    /// @return differences What restatements of earlier periods add to its figures; empty: nothing.
    function _useReport(
        Distribution memory d,
        int256[] calldata figures
    ) private returns (bytes32 reportHash, int256[] memory differences) {
        bytes4 selector = IReportRegistry.useReport.selector;
        (uint256 answer, uint256 carries, uint256 size) = _forward(
            address(REPORTS),
            selector,
            msg.data[4:]
        );
        if (size != 64) revert CollaboratorMissing();
        reportHash = bytes32(answer);
        int256 funds = figures[DealTerms.AVAILABLE_FUNDS];
        if (carries != 0) {
            // Accepted, so not negative.
            differences = REPORTS.takeDifferences(
                uint64(d.dealId),
                uint16(d.period),
                uint256(funds)
            );
            funds = _sum(funds, differences[DealTerms.AVAILABLE_FUNDS]);
        }
        // Were it negative, which no registry hands out, it would be a very large need here.
        d.available = uint256(funds);
        uint256 collections = d.head.collections();
        if (collections < d.available) revert CollectionsShort(collections, d.available);
    }

    /// @dev A figure and its difference, cut to what a figure can be.
    function _sum(int256 figure, int256 difference) private pure returns (int256 sum) {
        sum = figure + difference;
        if (sum > type(int64).max) return type(int64).max;
        if (sum < type(int64).min) return type(int64).min;
    }

    /// @dev Calls `target` with a selector and arguments as they lie in the calldata, and hands on the
    /// reason when that reverts.
    /// @return first The first word of what came back.
    /// @return second The second one.
    /// @return size Length of what came back, in bytes; zero, too, when there is no contract.
    function _forward(
        address target,
        bytes4 selector,
        bytes calldata arguments
    ) internal returns (uint256 first, uint256 second, uint256 size) {
        assembly ("memory-safe") {
            // Beyond the free memory pointer, and used up at once.
            let data := mload(0x40)
            mstore(data, selector)
            calldatacopy(add(data, 4), arguments.offset, arguments.length)
            let done := call(gas(), target, 0, data, add(arguments.length, 4), 0, 64)
            size := returndatasize()
            if iszero(done) {
                returndatacopy(data, 0, size)
                revert(data, size)
            }
            first := mload(0)
            second := mload(32)
        }
    }

    /// @dev Everything that must hold before the report is used.
    function _prepare(Distribution memory d, uint256 figures) private view {
        Head head = d.head;
        if (!head.isOpen()) revert DealNotOpen(uint64(d.dealId));
        if (d.period != head.lastPeriod() + 1) {
            revert PeriodNotNext(uint64(d.dealId), uint16(d.period), uint16(head.lastPeriod() + 1));
        }
        uint256 row;
        (d.terms, row) = DealTerms.copyTimes(head.code(), d.period);
        uint256 paymentTime = DealTerms.paymentTimeIn(row);
        if (block.timestamp < paymentTime) {
            revert PaymentNotDue(uint64(d.dealId), uint16(d.period), paymentTime);
        }
        uint256 figureCount = (d.terms + 6).u8();
        if (figures != figureCount) {
            revert FiguresMismatch(uint64(d.dealId), figureCount, figures);
        }
        d.addresses = DealTerms.copyAddresses(head.code(), d.terms);
        d.scale = 10 ** ((d.terms + 13).u8() - 2);
        // The last window never closes.
        d.windowEnd =
            d.period == (d.terms + 16).u16()
                ? DealTerms.NEVER
                : uint40(DealTerms.recordTimeIn(row + 32));
        d.inWindow = block.timestamp < d.windowEnd;
    }

    /// @dev Has the engine run the period. Its arguments are laid out where the arrays of the call then
    /// lie; a selector and eight words go in front of them.
    function _run(
        DealLedger storage ledger,
        Distribution memory d,
        int256[] calldata reported,
        int256[] memory differences
    ) private {
        (uint256 notices, int256[] memory extras) = _useInputs(d);
        uint256 start = MemoryWords.allocate(9);
        d.classWords = ledger.classes((d.terms + 1).u8());
        d.laneWords = ledger.lanes(DealLedgers.laneWords(d.terms));
        int256[] memory figures = _join(reported, extras);
        for (uint256 i = 0; i < differences.length; ++i) {
            figures[i] = _sum(figures[i], differences[i]);
        }
        start.put(uint32(WaterfallEngine.run.selector));
        unchecked {
            uint256 arguments = start + 32;
            arguments.put(uint160(d.head.code()));
            (start + 64).put(d.dealId);
            (start + 96).put(d.period);
            (start + 128).put(d.head.phase());
            (start + 160).put(notices);
            (start + 192).put(MemoryWords.positionOf(d.classWords) - arguments);
            (start + 224).put(MemoryWords.positionOf(d.laneWords) - arguments);
            uint256 last;
            assembly ("memory-safe") {
                last := figures
            }
            (start + 256).put(last - arguments);
            // The arrays were allocated one after the other, the figures last.
            d.words = _callEngine(start + 28, last + 32 + (figures.length << 5));
        }
        d.parts = RunWords.layout(d.words, d.terms, extras.length);
        if (d.parts.length != d.words.length) {
            revert ResultMalformed(uint64(d.dealId), d.parts.length, d.words.length);
        }
    }

    /// @dev What the run reads beside the report.
    function _useInputs(
        Distribution memory d
    ) private returns (uint256 notices, int256[] memory extras) {
        if (!_hasInputs(d.terms)) return (0, extras);
        (extras, notices) = INPUTS.useInputs(uint64(d.dealId), uint16(d.period));
        uint256 expected = (d.terms + 61).u8() + ((d.terms + 63).u8() & 1);
        if (extras.length != expected) {
            revert FiguresMismatch(uint64(d.dealId), expected, extras.length);
        }
    }

    function _join(
        int256[] calldata reported,
        int256[] memory extras
    ) private pure returns (int256[] memory figures) {
        uint256 count = reported.length;
        figures = new int256[](count + extras.length);
        assembly ("memory-safe") {
            let place := add(figures, 32)
            calldatacopy(place, reported.offset, shl(5, count))
            mcopy(add(place, shl(5, count)), add(extras, 32), shl(5, mload(extras)))
        }
    }

    /// @dev Calls the engine with the bytes of memory from `start` to `end`.
    /// @return words The result, with two words free in front of its offset, for the event.
    function _callEngine(uint256 start, uint256 end) private view returns (uint256[] memory words) {
        address engine = ENGINE;
        assembly ("memory-safe") {
            let done := staticcall(gas(), engine, start, sub(end, start), 0, 0)
            let size := returndatasize()
            let place := mload(0x40)
            if iszero(done) {
                returndatacopy(place, 0, size)
                revert(place, size)
            }
            returndatacopy(add(place, 64), 0, size)
            words := add(place, 96)
            // An answer that is no array is one of no words.
            if iszero(eq(size, add(64, shl(5, mload(words))))) {
                mstore(words, 0)
            }
            mstore(0x40, add(add(place, 96), add(size, 32)))
        }
    }

    /// @dev Checks that the run gives out what came in, then stores the new state: from here on the
    /// period cannot run again.
    function _store(
        DealLedger storage ledger,
        Distribution memory d
    ) private returns (bytes32 resultHash) {
        uint256[] memory words = d.words;
        uint256 available = d.available;
        _requireConserved(d, available);
        assembly ("memory-safe") {
            resultHash := keccak256(add(words, 32), shl(5, mload(words)))
        }
        ledger.store(words, d.parts.classes, d.parts.lanes, d.parts.results);
        ledger.appendRun(resultHash);
        uint256 phase = uint8(words[0] >> 232);
        uint256 flags = FLAG_OPEN;
        if (!d.inWindow) flags |= FLAG_CARRY;
        ledger.head = Head.unwrap(
            DealLedgers.pack(
                d.head.code(),
                DealLedgers.Standing(d.period, phase, flags, d.head.collections() - available)
            )
        );
        if (phase != d.head.phase()) {
            emit PhaseChanged(
                uint64(d.dealId),
                uint16(d.period),
                uint8(d.head.phase()),
                uint8(phase)
            );
        }
    }

    /// @dev Accounts before and available funds = accounts after, interest, principal and payees. It
    /// holds by the engine's construction; here it keeps a deal with malformed terms out of the cash
    /// of every other deal.
    function _requireConserved(Distribution memory d, uint256 available) private pure {
        unchecked {
            uint256 first = MemoryWords.positionOf(d.words) + 32;
            uint256 accounts = (d.terms + 2).u8();
            uint256 cashIn =
                available +
                    DealLedgers.sumLanes(MemoryWords.positionOf(d.laneWords) + 32, accounts);
            uint256 cashOut = DealLedgers.sumLanes(first + (d.parts.lanes << 5), accounts);
            uint256 end = first + (d.parts.payees << 5);
            uint256 place = first + (d.parts.results << 5);
            for (; place != end; place += 32) {
                uint256 w = place.word();
                cashOut += uint64(w >> 128) + uint256(uint64(w >> 64));
            }
            // Behind the last payee the lanes are zero.
            cashOut += DealLedgers.sumLanes(place, (d.parts.extras - d.parts.payees) << 2);
            if (cashIn != cashOut) revert CashNotConserved(uint64(d.dealId), cashIn, cashOut);
        }
    }

    /// @dev Emits WaterfallRun out of the words as they lie in memory: the engine has left three words
    /// free in front of them, for the two hashes and the array's offset.
    function _emitRun(Distribution memory d, bytes32 reportHash, bytes32 resultHash) private {
        uint256[] memory words = d.words;
        bytes32 topic = WaterfallRun.selector;
        (uint256 dealId, uint256 period) = (d.dealId, d.period);
        assembly ("memory-safe") {
            let start := sub(words, 96)
            mstore(start, reportHash)
            mstore(add(start, 32), resultHash)
            mstore(add(start, 64), 96)
            log3(start, add(128, shl(5, mload(words))), topic, dealId, period)
        }
    }

    /// @dev Entitles the holders of the record time to the classes' amounts; a late run's amounts wait
    /// in the carry and go with the next run that is in its window. The balances go into the arguments
    /// of `setBalances` as they are met: a selector and four words stand in front of them.
    function _fundClasses(DealLedger storage ledger, Distribution memory d) private {
        if (!d.inWindow) emit PaymentWindowMissed(uint64(d.dealId), uint16(d.period));
        unchecked {
            uint256 classes = d.parts.lanes - d.parts.classes;
            uint256 start = MemoryWords.allocate(5 + classes);
            uint256 funding = MemoryWords.allocate(5);
            uint256 first = MemoryWords.positionOf(d.words) + 32;
            uint256 place = MemoryWords.positionOf(d.classWords) + 32;
            bool changed = false;
            for (uint256 i = 0; i < classes; ++i) {
                uint256 result = (first + ((d.parts.results + i) << 5)).word();
                uint256 balance = (first + ((d.parts.classes + i) << 5)).word() >> 192;
                (start + 160 + (i << 5)).put(balance);
                if (balance != (place + (i << 5)).word() >> 192) changed = true;
                _fundClass(ledger, d, i, result, funding);
            }
            if (!changed) return;
            start.put(uint32(IComplianceRegistry.setBalances.selector));
            (start + 32).put(d.dealId);
            (start + 64).put(uint160(d.head.code()));
            (start + 96).put(96);
            (start + 128).put(classes);
            _call(address(COMPLIANCE), start + 28, 132 + (classes << 5));
        }
    }

    /// @dev Escrow and entitlement of one class.
    /// @param result The class's word among the results.
    /// @param funding Room for a selector and the arguments of `fund`.
    function _fundClass(
        DealLedger storage ledger,
        Distribution memory d,
        uint256 index,
        uint256 result,
        uint256 funding
    ) private {
        uint256 interest = uint64(result >> 128);
        uint256 principal = uint64(result >> 64);
        if (d.head.hasCarry() || !d.inWindow) {
            uint256 carry = ledger.carries[index];
            interest += carry >> 128;
            principal += uint128(carry);
            uint256 next = d.inWindow ? 0 : (interest << 128) | principal;
            if (next != carry) ledger.carries[index] = next;
            if (!d.inWindow) (interest, principal) = (0, 0);
        }
        if (interest | principal == 0) return;
        address token = DealTerms.addressIn(d.addresses, 1 + index);
        if (!ledger.raiseEscrow(index, (interest + principal) * d.scale))
            revert EscrowTooLarge(token);
        unchecked {
            // The payment time has come, so the record time before it has, as `fund` demands.
            funding.put(uint32(ITrancheToken.fund.selector));
            (funding + 32).put(d.period);
            (funding + 64).put(d.windowEnd);
            (funding + 96).put(interest);
            (funding + 128).put(principal);
            _call(token, funding + 28, 132);
        }
    }

    /// @dev Calls a contract of ours (that is, one with code) with `size` bytes of memory, and hands on
    /// the reason when that reverts.
    function _call(address target, uint256 start, uint256 size) private {
        assembly ("memory-safe") {
            if iszero(call(gas(), target, 0, start, size, 0, 0)) {
                let reason := mload(0x40)
                returndatacopy(reason, 0, returndatasize())
                revert(reason, returndatasize())
            }
        }
    }

    /// @dev Pushes what fees and residual received. What cannot be pushed is booked, never a stop.
    function _pushPayees(DealLedger storage ledger, Distribution memory d) private {
        uint256 payees = uint8(d.words[0] >> 184);
        address cash = DealTerms.addressIn(d.addresses, 0);
        uint256 first = 1 + d.parts.lanes - d.parts.classes;
        for (uint256 i = 0; i < payees; i++) {
            uint256 cents = uint64(d.words[d.parts.payees + (i >> 2)] >> (192 - ((i & 3) << 6)));
            if (cents == 0) continue;
            if (CashMoves.push(cash, DealTerms.addressIn(d.addresses, first + i), cents * d.scale))
                continue;
            ledger.payeesOwed[i] += cents;
            emit PayeeBooked(uint64(d.dealId), uint8(i), cents);
        }
    }
}
