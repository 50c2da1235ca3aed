// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";
import {ComplianceRegistry} from "../compliance/ComplianceRegistry.sol";
import {IDealFactory} from "../interfaces/IDealFactory.sol";
import {ReportRegistry} from "../reports/ReportRegistry.sol";
import {RunInputs} from "../reports/RunInputs.sol";
import {WaterfallDistributor} from "../waterfall/WaterfallDistributor.sol";
import {DealFactory} from "./DealFactory.sol";

/// @title Deploys the five proxies of the platform, each linked to the others, in one transaction.
/// @notice Factory, registries, inputs and distributor name each other as fixed addresses. A contract's n-th creation has an address
///  known beforehand, so every proxy is initialised with its final links in its own constructor: there is no moment at
///  which somebody else could initialise or re-link one, and nothing is left to wire. The contract stays as the record of
///  what belongs together and can do nothing.
contract PlatformGenesis {
    /// @notice The implementations and shared contracts that the proxies start from.
    /// @param authority the AccessManager
    /// @param tokenBeacon beacon of the TrancheToken implementation
    /// @param complianceRegistry implementation
    /// @param reportRegistry implementation
    /// @param waterfallDistributor implementation
    /// @param dealFactory implementation
    /// @param runInputs implementation
    struct Parts {
        address authority;
        address tokenBeacon;
        address complianceRegistry;
        address reportRegistry;
        address waterfallDistributor;
        address dealFactory;
        address runInputs;
    }

    /// @notice ComplianceRegistry proxy.
    address public immutable complianceRegistry;
    /// @notice ReportRegistry proxy.
    address public immutable reportRegistry;
    /// @notice WaterfallDistributor proxy.
    address public immutable waterfallDistributor;
    /// @notice DealFactory proxy.
    address public immutable dealFactory;
    /// @notice RunInputs proxy.
    address public immutable runInputs;

    /// @notice A proxy did not land on the address that the others were given.
    error AddressUnexpected(address actual, address expected);

    constructor(Parts memory parts) {
        address compliance = _creation(1);
        address reports = _creation(2);
        address distributor = _creation(3);
        address factory = _creation(4);
        address inputs = _creation(5);
        _deploy(
            parts.complianceRegistry,
            abi.encodeCall(ComplianceRegistry.initialize, (parts.authority, factory, distributor)),
            compliance
        );
        _deploy(
            parts.reportRegistry,
            abi.encodeCall(ReportRegistry.initialize, (parts.authority, factory, distributor)),
            reports
        );
        _deploy(
            parts.waterfallDistributor,
            abi.encodeCall(
                WaterfallDistributor.initialize,
                (parts.authority, factory, reports, compliance, inputs)
            ),
            distributor
        );
        _deploy(
            parts.dealFactory,
            abi.encodeCall(
                DealFactory.initialize,
                (
                    parts.authority,
                    IDealFactory.Links(compliance, reports, distributor, parts.tokenBeacon, inputs)
                )
            ),
            factory
        );
        _deploy(
            parts.runInputs,
            abi.encodeCall(RunInputs.initialize, (parts.authority, factory, reports, distributor)),
            inputs
        );
        complianceRegistry = compliance;
        reportRegistry = reports;
        waterfallDistributor = distributor;
        dealFactory = factory;
        runInputs = inputs;
    }

    function _deploy(address implementation, bytes memory call, address expected) private {
        address actual = address(new ERC1967Proxy(implementation, call));
        require(actual == expected, AddressUnexpected(actual, expected));
    }

    /// @dev Address of this contract's creation number `nonce` (1..127): last 20 bytes of keccak256(rlp([this, nonce])).
    function _creation(uint8 nonce) private view returns (address) {
        return
            address(
                uint160(
                    uint256(keccak256(abi.encodePacked(hex"d694", address(this), bytes1(nonce))))
                )
            );
    }
}
