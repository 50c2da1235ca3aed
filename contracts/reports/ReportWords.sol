// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IReportRegistry} from "../interfaces/IReportRegistry.sol";

/// @title A report's calldata, hashed and logged word by word.
library ReportWords {
    bytes32 private constant REPORT_TYPEHASH = keccak256(
        "Report(uint64 dealId,uint16 period,uint16 version,bytes32 termsHash,bytes32 tapeRoot,bytes32 closeHash,bytes32 resultHash,int256[] figures)"
    );

    /// @notice EIP-712 hashStruct of the report.
    /// @dev Calldata holds the seven fixed members as the very words that are hashed, and the array as
    ///  the concatenation that is hashed. A dirty word (a uint16 above its range) hashes to what nobody can have signed.
    function structHashOf(
        IReportRegistry.Report calldata report
    ) internal pure returns (bytes32 reportHash) {
        int256[] calldata figures = report.figures;
        bytes32 typeHash = REPORT_TYPEHASH;
        assembly ("memory-safe") {
            // Beyond the free memory pointer and hashed at once: nothing is allocated.
            let position := mload(0x40)
            let length := mul(figures.length, 32)
            calldatacopy(position, figures.offset, length)
            let figuresHash := keccak256(position, length)
            mstore(position, typeHash)
            calldatacopy(add(position, 32), report, 224)
            mstore(add(position, 256), figuresHash)
            reportHash := keccak256(position, 288)
        }
    }

    /// @notice `emit ReportPublished(...)`, or ReportRestated, which has the same members.
    /// @dev Calldata holds every part of the event's data as the words that the event needs;
    ///  the compiler would check and copy them one by one, which costs 2,000 gas more. Every part was read (and so checked
    ///  to be in range) before.
    function emitReport(
        bytes32 topic,
        IReportRegistry.Report calldata report,
        bytes32 reportHash,
        address[] calldata signers
    ) internal {
        int256[] calldata figures = report.figures;
        assembly ("memory-safe") {
            let data := mload(0x40)
            let figuresSize := mul(add(figures.length, 1), 32)
            let signersSize := mul(add(signers.length, 1), 32)
            mstore(data, calldataload(add(report, 64))) // version
            mstore(add(data, 32), reportHash)
            calldatacopy(add(data, 64), add(report, 128), 96) // tapeRoot, closeHash, resultHash
            mstore(add(data, 160), 224)
            mstore(add(data, 192), add(224, figuresSize))
            calldatacopy(add(data, 224), sub(figures.offset, 32), figuresSize)
            calldatacopy(add(add(data, 224), figuresSize), sub(signers.offset, 32), signersSize)
            log3(
                data,
                add(add(224, figuresSize), signersSize),
                topic,
                calldataload(report),
                calldataload(add(report, 32))
            )
        }
    }
}
