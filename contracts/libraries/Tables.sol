// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Memory} from "./Memory.sol";
import {Scope} from "./Scope.sol";

/**
 * @title The parts of a grant, as memory positions, and what is known of them so far.
 * @dev Fields as in Scope, which takes their memory.
 */
library Tables {
    uint256 private constant AT = 0x340;
    /// Behind the fields of Scope that come after these.
    uint256 private constant NAMES = 0x940;

    /// @notice Two words for each function (see Table).
    function functions() internal pure returns (uint256) {
        return Memory.word(AT);
    }

    function setFunctions(uint256 to) internal pure {
        Memory.put(AT, to);
    }

    /// @notice How many functions there are.
    function functionCount() internal pure returns (uint256) {
        return Memory.word(AT + 0x20);
    }

    function setFunctionCount(uint256 to) internal pure {
        Memory.put(AT + 0x20, to);
    }

    /// @notice How many of them the rules have used so far.
    function functionsUsed() internal pure returns (uint256) {
        return Memory.word(AT + 0x40);
    }

    function setFunctionsUsed(uint256 to) internal pure {
        Memory.put(AT + 0x40, to);
    }

    /// @notice Table.METER bytes for each meter: its asset as a word, then its record.
    function meters() internal pure returns (uint256) {
        return Memory.word(AT + 0x60);
    }

    function setMeters(uint256 to) internal pure {
        Memory.put(AT + 0x60, to);
    }

    /// @notice How many meters there are.
    function meterCount() internal pure returns (uint256) {
        return Memory.word(AT + 0x80);
    }

    function setMeterCount(uint256 to) internal pure {
        Memory.put(AT + 0x80, to);
    }

    /// @notice How many of them were used so far.
    function metersUsed() internal pure returns (uint256) {
        return Memory.word(AT + 0xa0);
    }

    function setMetersUsed(uint256 to) internal pure {
        Memory.put(AT + 0xa0, to);
    }

    /// @notice A word for each rule (see RuleForm), a rule before those nested in it.
    function rules() internal pure returns (uint256) {
        return Memory.word(AT + 0xc0);
    }

    function setRules(uint256 to) internal pure {
        Memory.put(AT + 0xc0, to);
    }

    /// @notice How many rules were read.
    function ruleCount() internal pure returns (uint256) {
        return Memory.word(AT + 0xe0);
    }

    function setRuleCount(uint256 to) internal pure {
        Memory.put(AT + 0xe0, to);
    }

    /// @notice The number of the rule that is next when leaves are made.
    function rule() internal pure returns (uint256) {
        return Memory.word(AT + 0x100);
    }

    function setRule(uint256 to) internal pure {
        Memory.put(AT + 0x100, to);
    }

    /// @notice A word for each deny that holds where leaves are being made, the outermost first: where it stands, behind its function's index.
    function denies() internal pure returns (uint256) {
        return Memory.word(AT + 0x120);
    }

    function setDenies(uint256 to) internal pure {
        Memory.put(AT + 0x120, to);
    }

    /// @notice How many of them there are.
    function denyCount() internal pure returns (uint256) {
        return Memory.word(AT + 0x140);
    }

    function setDenyCount(uint256 to) internal pure {
        Memory.put(AT + 0x140, to);
    }

    /// @notice The form of the block whose rules are read.
    function form() internal pure returns (uint256) {
        return Memory.word(AT + 0x160);
    }

    function setForm(uint256 to) internal pure {
        Memory.put(AT + 0x160, to);
    }

    /// @notice The target that its rules have, where they have that of the rule around them.
    function target() internal pure returns (uint256) {
        return Memory.word(AT + 0x180);
    }

    function setTarget(uint256 to) internal pure {
        Memory.put(AT + 0x180, to);
    }

    /// @notice How many blocks are around its rules.
    function blocks() internal pure returns (uint256) {
        return Memory.word(AT + 0x1a0);
    }

    function setBlocks(uint256 to) internal pure {
        Memory.put(AT + 0x1a0, to);
    }

    /// @notice A word for each token: `address << 8 | decimals`, the decimals with which a price counts it.
    function tokens() internal pure returns (uint256) {
        return Memory.word(AT + 0x1e0);
    }

    function setTokens(uint256 to) internal pure {
        Memory.put(AT + 0x1e0, to);
    }

    /// @notice Takes note that a rule speaks of an address, which may be a token's.
    function use(uint256 account) internal pure {
        unchecked {
            uint256 unused = Scope.unused();
            uint256 entry = tokens();
            for (uint256 bit = 1; bit <= unused; bit <<= 1) {
                if (Memory.word(entry) >> 8 == account) Scope.setUnused(unused & ~bit);
                entry += 32;
            }
        }
    }

    /// @notice How many names the parameters have of the signature that is read.
    function names() internal pure returns (uint256) {
        return Memory.word(NAMES);
    }

    function setNames(uint256 to) internal pure {
        Memory.put(NAMES, to);
    }

    /// @notice Where the next byte of a leaf is written.
    function out() internal pure returns (uint256) {
        return Memory.word(AT + 0x1c0);
    }

    function setOut(uint256 to) internal pure {
        Memory.put(AT + 0x1c0, to);
    }
}
