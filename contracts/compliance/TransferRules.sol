// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IComplianceRegistry} from "../interfaces/IComplianceRegistry.sol";
import {Credentials} from "./Credentials.sol";
import {HolderCap} from "./HolderCap.sol";
import {ClassWord, IdentityWord} from "./RegistryWords.sol";

/// @title The rules of each class, and the one path on which transfers and views ask them.
abstract contract TransferRules is Credentials {
    using HolderCap for HolderCap.Book;

    uint256 private constant UNITED_STATES = 840;
    uint256 private constant QUALIFIED_BUYER = 2;

    /// @dev What is found of a transfer: the selector of the error that refuses it (zero: none), the class, whose the
    ///  wallets are.
    struct Finding {
        bytes4 reason;
        ClassWord class;
        bytes32 fromId;
        bytes32 toId;
    }

    // ------------------------------------------------------------------ rules of a class

    /// @inheritdoc IComplianceRegistry
    function setRequirements(
        address token,
        uint8 topics,
        uint8 leastInvestorClass,
        bytes32 reason
    ) external restricted {
        if (topics > 0xf) revert TopicUnknown(topics);
        if (leastInvestorClass > MAX_INVESTOR_CLASS)
            revert CredentialValueInvalid(uint8(ACCREDITATION), leastInvestorClass);
        if (leastInvestorClass != 0) topics |= uint8(1 << (ACCREDITATION - 1));
        ClassWord class = _classOf(token);
        _layout().classes[token] = class.withRequirements(topics, leastInvestorClass);
        emit RequirementsSet(token, topics, leastInvestorClass);
        _acted(reason);
    }

    /// @inheritdoc IComplianceRegistry
    function setCountryListed(
        address token,
        uint16 country,
        bool listed,
        bytes32 reason
    ) external restricted {
        Layout storage $ = _layout();
        $.classes[token] = _classOf(token).withCountry(country, listed);
        uint256 bit = 1 << (country % 256);
        uint256 word = $.listedCountries[token][country / 256];
        $.listedCountries[token][country / 256] = listed ? word | bit : word & ~bit;
        emit CountryListed(token, country, listed);
        _acted(reason);
    }

    /// @inheritdoc IComplianceRegistry
    function setCountryListMeaning(
        address token,
        bool onlyListed,
        bytes32 reason
    ) external restricted {
        _layout().classes[token] = _classOf(token).withOnlyListed(onlyListed);
        emit CountryListMeaningSet(token, onlyListed);
        _acted(reason);
    }

    /// @inheritdoc IComplianceRegistry
    function setLockup(
        address token,
        bytes32 identityId,
        Lockup calldata lockup,
        bytes32 reason
    ) external restricted {
        Layout storage $ = _layout();
        ClassWord class = _classOf(token);
        if (identityId != 0) _knownIdentity(identityId);
        $.lockups[token][identityId] = lockup;
        // Shortening one leaves the end where it is: transfers ask for longer than they must, and find nothing.
        uint256 end =
            lockup.rule144Until > lockup.regSUntil ? lockup.rule144Until : lockup.regSUntil;
        if (end > class.lockupsEnd()) $.classes[token] = class.withLockupsEnd(end);
        emit LockupSet(token, identityId, lockup.rule144Until, lockup.regSUntil);
        _acted(reason);
    }

    /// @inheritdoc IComplianceRegistry
    function requirementsOf(
        address token
    ) external view returns (uint8 topics, uint8 leastInvestorClass) {
        ClassWord class = _classOf(token);
        return (uint8(class.requiredTopics()), uint8(class.leastInvestorClass()));
    }

    /// @inheritdoc IComplianceRegistry
    function isCountryAdmitted(address token, uint16 country) external view returns (bool) {
        return _admitsCountry(_classOf(token), token, country);
    }

    /// @inheritdoc IComplianceRegistry
    function lockupOf(address token, bytes32 identityId) external view returns (Lockup memory) {
        return _lockupOf(token, identityId);
    }

    // ------------------------------------------------------------------ the one path

    /// @dev A mint has no sender to check; a forced transfer skips the sender's rules, but leaves venues alone.
    function _assess(
        address token,
        address from,
        address to,
        uint256 amount,
        bool forced
    ) internal view returns (Finding memory found) {
        Layout storage $ = _layout();
        ClassWord class = $.classes[token];
        found.class = class;
        if (class.isUnknown()) {
            found.reason = TokenUnknown.selector;
            return found;
        }
        bytes32 fromId;
        if (from != address(0)) {
            fromId = $.identityOf[from];
            found.fromId = fromId;
            found.reason = _senderRefusal($.identities[fromId], forced);
            if (found.reason != 0) return found;
        }
        bytes32 toId = $.identityOf[to];
        found.toId = toId;
        IdentityWord receiver = $.identities[toId];
        found.reason = _receiverRefusal(class, token, receiver);
        if (found.reason != 0 || fromId == toId) return found;

        if (!forced && from != address(0) && block.timestamp < class.lockupsEnd()) {
            if (_isLockedUp(token, fromId, receiver)) {
                found.reason = LockedUp.selector;
                return found;
            }
        }
        bool exceeded = $.books[class.dealId()].isExceeded(
            toId,
            class.classCount(),
            class.classIndex(),
            amount
        );
        if (exceeded && !receiver.isVenue()) found.reason = HolderCapExceeded.selector;
    }

    /// @dev Zero, or the selector of the error. An expired sender may still sell.
    function _senderRefusal(IdentityWord sender, bool forced) internal pure returns (bytes4) {
        if (forced) return sender.isVenue() ? VenueSender.selector : bytes4(0);
        return _inactivity(sender);
    }

    /// @dev Zero, or the selector of the error: the receiver's rules but for lock-up and cap.
    function _receiverRefusal(
        ClassWord class,
        address token,
        IdentityWord receiver
    ) internal view returns (bytes4) {
        if (!receiver.isActive()) return _inactivity(receiver);
        if (receiver.isVenue()) return 0;
        if (_missingTopic(class, receiver) != 0) return CredentialMissing.selector;
        if (receiver.investorClass() < class.leastInvestorClass())
            return InvestorClassTooLow.selector;
        if (!_admitsCountry(class, token, receiver.country())) return CountryBlocked.selector;
        return 0;
    }

    /// @dev Reverts with the error of a reason that `_assess` found.
    function _refuse(
        Finding memory found,
        address token,
        address from,
        address to,
        uint256 amount,
        bool forced
    ) internal view {
        bytes4 reason = found.reason;
        IdentityWord receiver = _layout().identities[found.toId];
        if (reason == TokenUnknown.selector) revert TokenUnknown(token);
        if (reason == VenueSender.selector) revert VenueSender(from);
        if (reason == LockedUp.selector) revert LockedUp(from, to);
        if (reason == CredentialMissing.selector)
            revert CredentialMissing(to, uint8(_missingTopic(found.class, receiver)));
        if (reason == InvestorClassTooLow.selector)
            revert InvestorClassTooLow(
                to,
                uint8(receiver.investorClass()),
                uint8(found.class.leastInvestorClass())
            );
        if (reason == CountryBlocked.selector)
            revert CountryBlocked(to, uint16(receiver.country()));
        if (reason == HolderCapExceeded.selector) _refuseCap(found.class, found.toId, amount);
        // Unknown or frozen: whichever was checked first.
        bool isSender =
            from != address(0) && !forced && _inactivity(_layout().identities[found.fromId]) != 0;
        address account = isSender ? from : to;
        if (reason == IdentityUnknown.selector) revert IdentityUnknown(account);
        revert IdentityFrozen(account);
    }

    function _refuseCap(ClassWord class, bytes32 identityId, uint256 amount) internal view {
        HolderCap.Book storage book = _layout().books[class.dealId()];
        uint256 principalAfter = book.principalWith(
            identityId,
            class.classCount(),
            class.classIndex(),
            amount
        );
        revert HolderCapExceeded(identityId, principalAfter, book.limit());
    }

    function _classOf(address token) internal view returns (ClassWord class) {
        class = _layout().classes[token];
        if (class.isUnknown()) revert TokenUnknown(token);
    }

    function _inactivity(IdentityWord word) private pure returns (bytes4) {
        if (word.isActive()) return 0;
        return word.isKnown() ? IdentityFrozen.selector : IdentityUnknown.selector;
    }

    /// @dev The first required topic without a credential that counts; 0 if there is none.
    function _missingTopic(ClassWord class, IdentityWord word) private view returns (uint256) {
        uint256 topic = 1;
        unchecked {
            for (uint256 topics = class.requiredTopics(); topics != 0; topics >>= 1) {
                if (topics & 1 != 0 && !_isValid(word, topic)) return topic;
                ++topic;
            }
        }
        return 0;
    }

    function _admitsCountry(
        ClassWord class,
        address token,
        uint256 country
    ) private view returns (bool) {
        bool onlyListed = class.admitsOnlyListed();
        for (uint256 list = class.listedCountries(); list != 0; list >>= 16)
            if (uint16(list) == country) return onlyListed;
        if (!class.listsMore()) return !onlyListed;
        uint256 word = _layout().listedCountries[token][country / 256];
        bool listed = (word >> (country % 256)) & 1 != 0;
        return listed == onlyListed;
    }

    /// @dev Whether the sender's notes may not go to this receiver yet.
    function _isLockedUp(
        address token,
        bytes32 fromId,
        IdentityWord receiver
    ) private view returns (bool) {
        Lockup memory lockup = _lockupOf(token, fromId);
        bool rule144 = block.timestamp < lockup.rule144Until;
        bool regS = block.timestamp < lockup.regSUntil && receiver.country() == UNITED_STATES;
        if (!rule144 && !regS) return false;
        return receiver.investorClass() < QUALIFIED_BUYER || !_isValid(receiver, ACCREDITATION);
    }

    function _lockupOf(
        address token,
        bytes32 identityId
    ) private view returns (Lockup memory lockup) {
        lockup = _layout().lockups[token][identityId];
        Lockup memory general = _layout().lockups[token][0];
        if (general.rule144Until > lockup.rule144Until) lockup.rule144Until = general.rule144Until;
        if (general.regSUntil > lockup.regSUntil) lockup.regSUntil = general.regSUntil;
    }
}
