// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {PlatformGenesis} from "../../../contracts/deals/PlatformGenesis.sol";
import {IComplianceRegistry} from "../../../contracts/interfaces/IComplianceRegistry.sol";
import {ICredentials} from "../../../contracts/interfaces/ICredentials.sol";
import {IDealFactory} from "../../../contracts/interfaces/IDealFactory.sol";
import {IERC3643Agent} from "../../../contracts/interfaces/IERC3643Agent.sol";
import {IERC7943Fungible} from "../../../contracts/interfaces/IERC7943.sol";
import {IReportRegistry} from "../../../contracts/interfaces/IReportRegistry.sol";
import {IWaterfallDistributor} from "../../../contracts/interfaces/IWaterfallDistributor.sol";
import {IRunInputs} from "../../../contracts/interfaces/IRunInputs.sol";
import {LedgerViews} from "../../../contracts/waterfall/LedgerViews.sol";
import {WaterfallEngine} from "../../../contracts/waterfall/WaterfallEngine.sol";
import {VM} from "../Vm.sol";

/// @title The whole platform as it is deployed: the compiled artifacts behind their proxies, and the role book.
/// @dev The artifacts are those that `hardhat build` has made, so that what is tested is the production code, optimizer and
///  all, and this contract compiles fast.
abstract contract PlatformSetup {
    uint64 private constant ISSUER_ROLE = 1;
    uint64 private constant REGISTRAR_ROLE = 2;
    uint64 private constant GUARDIAN_ROLE = 5;

    address internal constant ISSUER = address(0x1550e4);
    address internal constant REGISTRAR = address(0x4e6157);
    address internal constant GUARDIAN = address(0x6a4d1a);
    address internal constant STRANGER = address(0x57a46e4);

    AccessManager internal authority;
    IDealFactory internal factory;
    IComplianceRegistry public compliance;
    IReportRegistry public reports;
    IWaterfallDistributor public distributor;
    WaterfallEngine internal engine;

    function _deployPlatform() internal {
        authority = new AccessManager(address(this));
        PlatformGenesis genesis = PlatformGenesis(_create("PlatformGenesis", ""));
        factory = IDealFactory(genesis.dealFactory());
        compliance = IComplianceRegistry(genesis.complianceRegistry());
        reports = IReportRegistry(genesis.reportRegistry());
        distributor = IWaterfallDistributor(genesis.waterfallDistributor());
        engine = WaterfallEngine(_create("WaterfallEngine", ""));
        bytes memory known = abi.encode(address(factory), address(distributor));
        address token = _create(
            "TrancheToken",
            abi.encode(address(factory), address(distributor), address(compliance))
        );
        address beacon = _create("UpgradeableBeacon", abi.encode(token, address(authority)));
        genesis.deploy(
            PlatformGenesis.Parts({
                authority: address(authority),
                tokenBeacon: beacon,
                complianceRegistry: _create("ComplianceRegistry", known),
                reportRegistry: _create("ReportRegistry", known),
                waterfallDistributor: _create(
                    "WaterfallDistributor",
                    abi.encode(
                        LedgerViews.Links(
                            address(engine),
                            address(factory),
                            reports,
                            compliance,
                            IRunInputs(genesis.runInputs())
                        )
                    )
                ),
                dealFactory: _create("DealFactory", abi.encode(_create("TermsChecker", ""))),
                runInputs: _create("RunInputs", "")
            })
        );
        _fillRoleBook();
        _permitAgents(beacon);
    }

    /// @dev As `server/chain/platform-roles.ts` has it, for the functions that are called here.
    function _fillRoleBook() private {
        authority.grantRole(ISSUER_ROLE, ISSUER, 0);
        authority.grantRole(REGISTRAR_ROLE, REGISTRAR, 0);
        authority.grantRole(GUARDIAN_ROLE, GUARDIAN, 0);
        _permit(address(factory), ISSUER_ROLE, factory.createDeal.selector);
        _permit(address(factory), ISSUER_ROLE, factory.closeDeal.selector);
        _permit(address(reports), GUARDIAN_ROLE, IReportRegistry.pauseReports.selector);
        _permit(address(reports), REGISTRAR_ROLE, IReportRegistry.unpauseReports.selector);
        address cashbox = address(distributor);
        _permit(cashbox, ISSUER_ROLE, IWaterfallDistributor.returnStray.selector);
        address registry = address(compliance);
        _permit(registry, REGISTRAR_ROLE, ICredentials.setIdentity.selector);
        _permit(registry, REGISTRAR_ROLE, ICredentials.setIdentityFrozen.selector);
        _permit(registry, REGISTRAR_ROLE, ICredentials.setCredential.selector);
        _permit(registry, REGISTRAR_ROLE, ICredentials.setIssuer.selector);
        _permit(registry, REGISTRAR_ROLE, ICredentials.endIssuerEpoch.selector);
        _permit(registry, REGISTRAR_ROLE, ICredentials.setVenue.selector);
        _permit(registry, REGISTRAR_ROLE, IComplianceRegistry.linkWallet.selector);
        _permit(registry, REGISTRAR_ROLE, IComplianceRegistry.linkWalletBySignature.selector);
        _permit(registry, REGISTRAR_ROLE, IComplianceRegistry.setCapExempt.selector);
        _permit(registry, REGISTRAR_ROLE, IComplianceRegistry.setRequirements.selector);
        _permit(registry, REGISTRAR_ROLE, IComplianceRegistry.setCountryListed.selector);
        _permit(registry, REGISTRAR_ROLE, IComplianceRegistry.setCountryListMeaning.selector);
        _permit(registry, REGISTRAR_ROLE, IComplianceRegistry.setLockup.selector);
    }

    /// @dev What the agents may do with any class token stands in the row of their beacon.
    function _permitAgents(address token) private {
        _permit(token, GUARDIAN_ROLE, IERC3643Agent.pause.selector);
        _permit(token, REGISTRAR_ROLE, IERC3643Agent.unpause.selector);
        _permit(token, REGISTRAR_ROLE, IERC3643Agent.setAddressFrozen.selector);
        _permit(token, REGISTRAR_ROLE, IERC3643Agent.freezePartialTokens.selector);
        _permit(token, REGISTRAR_ROLE, IERC3643Agent.unfreezePartialTokens.selector);
        _permit(token, REGISTRAR_ROLE, IERC3643Agent.batchForcedTransfer.selector);
        _permit(token, REGISTRAR_ROLE, IERC3643Agent.recoveryAddress.selector);
        _permit(token, REGISTRAR_ROLE, IERC7943Fungible.setFrozenTokens.selector);
        _permit(token, REGISTRAR_ROLE, IERC7943Fungible.forcedTransfer.selector);
    }

    function _permit(address target, uint64 role, bytes4 selector) private {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = selector;
        authority.setTargetFunctionRole(target, selectors, role);
    }

    function _create(string memory name, bytes memory arguments) private returns (address made) {
        bytes memory code = bytes.concat(VM.getCode(string.concat(name, ".sol:", name)), arguments);
        assembly ("memory-safe") {
            made := create(0, add(code, 32), mload(code))
        }
        require(made != address(0), name);
    }
}
