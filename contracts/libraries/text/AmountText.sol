// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Memory} from "../Memory.sol";
import {NumberText} from "./NumberText.sol";
import {Sheet} from "./Sheet.sol";
import {Table} from "../Table.sol";
import {Words} from "./Words.sol";

/// @title Amounts, and what assets and addresses are called.
library AmountText {
    uint256 private constant BASE_UNITS = 0xff;

    /// @notice The symbol of an asset, a token of text.
    function symbol(uint256 asset) internal pure returns (uint256) {
        unchecked {
            if (asset == Table.ETH) return Words.ETH;
            return Memory.word(entryOf(asset) + 32);
        }
    }

    /// @notice A token's decimals, or BASE_UNITS; the coin's.
    function decimals(uint256 asset) private pure returns (uint256) {
        unchecked {
            if (asset == Table.ETH) return 18;
            return Memory.word(entryOf(asset) + 64);
        }
    }

    /// @dev The reader takes no grant that names a token which there is not. What stands behind the table would be the host's to choose, so it is looked at here once more.
    function entryOf(uint256 asset) private pure returns (uint256) {
        unchecked {
            if (asset >= Memory.word(Sheet.TOKEN_COUNT)) Sheet.fail(Memory.word(Sheet.GRANT));
            return Memory.word(Sheet.TOKENS) + Sheet.SIZE_OF_TOKEN * asset;
        }
    }

    /// @notice The symbol of the token at an address; 0 where it is none's.
    function symbolAt(uint256 party) internal pure returns (uint256) {
        unchecked {
            uint256 entry = Memory.word(Sheet.TOKENS);
            uint256 end = entry + Sheet.SIZE_OF_TOKEN * Memory.word(Sheet.TOKEN_COUNT);
            for (; entry != end; entry += Sheet.SIZE_OF_TOKEN)
                if (Memory.word(entry) == party) return Memory.word(entry + 32);
            return 0;
        }
    }

    /// @notice A number and the name of what it counts, as two tokens; the first is 0 where they are not two.
    function short(uint256 value, uint256 asset) internal pure returns (uint256 number, uint256 unit) {
        uint256 own = decimals(asset);
        if (own == BASE_UNITS) return (0, 0);
        return (NumberText.short(value, own), symbol(asset));
    }

    /// @notice A number and the name of what it counts; the number joins what stands before it in the manner `how`, its unit in the manner `unit`.
    function write(uint256 value, uint256 asset, uint256 how, uint256 unit) internal pure {
        uint256 own = decimals(asset);
        if (own == BASE_UNITS) {
            NumberText.write(value, 0, how, 0);
            return baseUnits(asset, unit);
        }
        uint256 token = NumberText.short(value, own);
        if (token == 0) {
            token = NumberText.short(value, 0);
            if (token != 0) {
                NumberText.put(token, how);
                return baseUnits(asset, unit);
            }
            NumberText.long(value, own, how, 0);
        } else {
            NumberText.put(token, how);
        }
        NumberText.put(symbol(asset), unit);
    }

    function baseUnits(uint256 asset, uint256 unit) private pure {
        if (asset == Table.ETH) return NumberText.put(Words.WEI, unit);
        NumberText.put(Words.UNITS, unit);
        NumberText.put(symbol(asset), unit);
    }

    /// @notice What a price counts: an asset, or base units of a token without decimals.
    function unitOf(uint256 asset, uint256 how) internal pure {
        if (decimals(asset) == BASE_UNITS) return baseUnits(asset, how);
        NumberText.put(symbol(asset), how);
    }

    /// @notice A length of time in the longest unit that measures it: its count, and that unit as a token.
    function duration(uint256 length) internal pure returns (uint256 count, uint256 unit) {
        unchecked {
            if (length % 86400 == 0) return (length / 86400, length == 86400 ? Words.DAY : Words.DAYS);
            if (length % 3600 == 0) return (length / 3600, length == 3600 ? Words.HOUR : Words.HOURS);
            if (length % 60 == 0) return (length / 60, length == 60 ? Words.MINUTE : Words.MINUTES);
            return (length, length == 1 ? Words.SECOND : Words.SECONDS);
        }
    }
}
