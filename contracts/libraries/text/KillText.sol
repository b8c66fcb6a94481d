// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Glyphs} from "./Glyphs.sol";
import {HexText} from "./HexText.sol";
import {Memory} from "../Memory.sol";
import {NumberText} from "./NumberText.sol";
import {Pen} from "./Pen.sol";
import {Sheet} from "./Sheet.sol";
import {TimeText} from "./TimeText.sol";
import {Words} from "./Words.sol";

/// @title The texts that end sessions, as docs/device-text.md defines them.
library KillText {
    uint256 private constant ROOM = 96;

    /// @notice The text that ends all sessions made before a time (unix seconds, before TimeText.LAST_DATE), on a chain or, where `chainId` is 0, on every one.
    function all(uint256 account, uint256 chainId, uint256 time) internal pure returns (uint256 text, uint256 size) {
        open();
        Pen.word(Words.ALL);
        Pen.word(Words.KEYS);
        where(account, chainId);
        Pen.word(Words.BEFORE);
        TimeText.date(time);
        return close();
    }

    /// @notice The text that ends the session of a root.
    function session(
        uint256 account,
        uint256 chainId,
        uint256 root
    ) internal pure returns (uint256 text, uint256 size) {
        unchecked {
            open();
            Pen.word(Words.A);
            Pen.word(Words.GRANT);
            where(account, chainId);
            Pen.word(Words.ROOT);
            Pen.more(Words.HEX);
            uint256 high = HexText.digits(root >> 128);
            uint256 low = HexText.digits(uint128(root));
            Pen.line(high, 16);
            Pen.line(high << 128, 16);
            Pen.line(low, 16);
            Pen.line(low << 128, 16);
            return close();
        }
    }

    function open() private pure {
        unchecked {
            Memory.takeUntil(Sheet.END);
            Glyphs.open();
            HexText.open();
            Pen.start(Memory.take(ROOM) + ROOM);
            Pen.word(Words.REVOKE);
        }
    }

    function where(uint256 account, uint256 chainId) private pure {
        Pen.word(Words.OF);
        HexText.party(account);
        if (chainId == 0) {
            Pen.word(Words.EVERY);
            Pen.word(Words.CHAIN);
        } else {
            Pen.word(Words.CHAIN);
            Pen.word(NumberText.digits(chainId));
        }
    }

    /// @dev The pen wrote a line feed before the first line, which is none of the text.
    function close() private pure returns (uint256 text, uint256 size) {
        unchecked {
            Pen.glue(Words.STOP);
            (uint256 end, ) = Pen.finish();
            text = Sheet.END + ROOM + 1;
            return (text, end - text);
        }
    }
}
