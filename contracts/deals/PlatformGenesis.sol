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
/// @notice Factory, registries, inputs, distributor and tokens name each other as fixed addresses, which stand in the code of
///  their implementations. A contract's n-th creation has an address known beforehand: so this contract comes first and tells
///  where the proxies will be, then come the implementations, and then its creator has it deploy the proxies, once, each
///  initialised in its own constructor: there is no moment at which somebody else could initialise or re-link one, and nothing
///  is left to wire. The contract stays as the record of what belongs together and can do nothing more.
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

    /// @dev Who deploys this contract.
    address private immutable CREATOR;

    /// @notice Only who has deployed this contract may go on with it.
    error CallerNotCreator(address caller, address creator);

    /// @notice A proxy did not land on the address that the others were given.
    error AddressUnexpected(address actual, address expected);

    constructor() {
        CREATOR = msg.sender;
        complianceRegistry = _creation(1);
        reportRegistry = _creation(2);
        waterfallDistributor = _creation(3);
        dealFactory = _creation(4);
        runInputs = _creation(5);
    }

    /// @notice Deploys the proxies. Only the creator; a second call would deploy elsewhere, and reverts.
    function deploy(Parts calldata parts) external {
        require(msg.sender == CREATOR, CallerNotCreator(msg.sender, CREATOR));
        address authority = parts.authority;
        _deploy(
            parts.complianceRegistry,
            abi.encodeCall(ComplianceRegistry.initialize, (authority)),
            complianceRegistry
        );
        _deploy(
            parts.reportRegistry,
            abi.encodeCall(ReportRegistry.initialize, (authority)),
            reportRegistry
        );
        _deploy(
            parts.waterfallDistributor,
            abi.encodeCall(WaterfallDistributor.initialize, (authority)),
            waterfallDistributor
        );
        IDealFactory.Links memory links = IDealFactory.Links(
            complianceRegistry,
            reportRegistry,
            waterfallDistributor,
            parts.tokenBeacon,
            runInputs
        );
        _deploy(
            parts.dealFactory,
            abi.encodeCall(DealFactory.initialize, (authority, links)),
            dealFactory
        );
        _deploy(
            parts.runInputs,
            abi.encodeCall(
                RunInputs.initialize,
                (authority, dealFactory, reportRegistry, waterfallDistributor)
            ),
            runInputs
        );
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
