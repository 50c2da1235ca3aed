// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {BeaconProxy} from "@openzeppelin/contracts/proxy/beacon/BeaconProxy.sol";
import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";
import {UpgradeableBeacon} from "@openzeppelin/contracts/proxy/beacon/UpgradeableBeacon.sol";
import {ComplianceRegistry} from "../../../contracts/compliance/ComplianceRegistry.sol";
import {ITrancheToken} from "../../../contracts/interfaces/ITrancheToken.sol";
import {TrancheToken} from "../../../contracts/tokens/TrancheToken.sol";

/// @title A deal behind real proxies, whose factory, distributor and registrar is the contract that inherits this.
abstract contract TrancheSetup {
    uint64 internal constant DEAL = 1;

    AccessManager internal authority;
    ComplianceRegistry public compliance;
    TrancheToken[] public tokens;
    address internal code;

    function deployDeal(
        uint64[] memory faces,
        uint40[] memory recordTimes,
        uint16 holderCapBps,
        uint8 cashDecimals
    ) internal {
        authority = new AccessManager(address(this));
        bytes memory call = abi.encodeCall(ComplianceRegistry.initialize, (address(authority)));
        compliance = ComplianceRegistry(
            address(
                new ERC1967Proxy(
                    address(new ComplianceRegistry(address(this), address(this))),
                    call
                )
            )
        );
        code = deployCode(encodeTerms(faces, recordTimes, holderCapBps, cashDecimals));
        UpgradeableBeacon beacon = new UpgradeableBeacon(
            address(new TrancheToken(address(this), address(this), address(compliance))),
            address(this)
        );
        address[] memory addresses = new address[](faces.length);
        for (uint8 c = 0; c < faces.length; c++) {
            call = abi.encodeCall(TrancheToken.initialize, (params(c)));
            tokens.push(TrancheToken(address(new BeaconProxy(address(beacon), call))));
            addresses[c] = address(tokens[c]);
        }
        compliance.registerDeal(DEAL, code, addresses);
    }

    function params(uint8 classIndex) private view returns (ITrancheToken.InitParams memory) {
        return
            ITrancheToken.InitParams({
                name: "Class",
                symbol: "C",
                authority: address(authority),
                dealId: DEAL,
                classIndex: classIndex,
                dealCode: code
            });
    }

    /// @dev The parts of format 2 that token and registry read; the rest stays zero.
    function encodeTerms(
        uint64[] memory faces,
        uint40[] memory recordTimes,
        uint16 holderCapBps,
        uint8 cashDecimals
    ) internal view returns (bytes memory terms) {
        uint16 calendarOff = uint16(96 + 32 * faces.length);
        uint16 end = uint16(calendarOff + 28 * recordTimes.length);
        terms = abi.encodePacked(
            uint8(2),
            uint8(faces.length),
            bytes11(0),
            cashDecimals,
            bytes1(0),
            uint8(28),
            uint16(recordTimes.length),
            uint16(96),
            bytes20(0),
            calendarOff,
            end,
            end
        );
        terms = abi.encodePacked(terms, uint40(block.timestamp), holderCapBps);
        terms = abi.encodePacked(terms, bytes32(0), bytes11(0));
        for (uint256 c = 0; c < faces.length; c++)
            terms = abi.encodePacked(terms, faces[c], bytes24(0));
        for (uint256 i = 0; i < recordTimes.length; i++)
            terms = abi.encodePacked(terms, uint40(0), recordTimes[i], bytes18(0));
    }

    /// @dev PUSH2 length, DUP1, PUSH1 10, PUSH0, CODECOPY, PUSH0, RETURN.
    function deployCode(bytes memory terms) internal returns (address deployed) {
        bytes memory runtime = abi.encodePacked(bytes1(0), terms);
        bytes memory init = abi.encodePacked(
            bytes1(0x61),
            uint16(runtime.length),
            hex"80600a5f395ff3",
            runtime
        );
        assembly {
            deployed := create(0, add(init, 32), mload(init))
        }
        require(deployed != address(0), "deal code");
    }
}
